# mistake: aborted records are read
# points: 1.67 of 2
# message: Only records that were committed
def predictions() -> dict[str, int]:
    """What Kafka will say in scenarios A and B, by the names in the table."""
    return {"a_end": 8, "a_lag": 4, "a_to_read": 3, "b_end": 26, "b_lag": 20, "b_to_read": 16}

# mistake: aborted records take no offsets
# points: 1.33 of 2
# message: aborted ones too
def predictions() -> dict[str, int]:
    """What Kafka will say in scenarios A and B, by the names in the table."""
    return {"a_end": 8, "a_lag": 4, "a_to_read": 3, "b_end": 16, "b_lag": 10, "b_to_read": 6}

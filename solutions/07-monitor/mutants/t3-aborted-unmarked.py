# mistake: no marker after an abort
# points: 1.33 of 2
# message: one marker for each transaction
def predictions() -> dict[str, int]:
    """What Kafka will say in scenarios A and B, by the names in the table."""
    return {"a_end": 8, "a_lag": 4, "a_to_read": 3, "b_end": 25, "b_lag": 19, "b_to_read": 6}

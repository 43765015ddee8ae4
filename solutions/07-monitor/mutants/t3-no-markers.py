# mistake: forgets the markers
# points: 0.33 of 2
# message: one marker for each transaction
def predictions() -> dict[str, int]:
    """What Kafka will say in scenarios A and B, by the names in the table."""
    return {"a_end": 7, "a_lag": 3, "a_to_read": 3, "b_end": 20, "b_lag": 14, "b_to_read": 4}

# mistake: takes the last offset for the end
# points: 0.67 of 2
# message: Count every record
def predictions() -> dict[str, int]:
    """What Kafka will say in scenarios A and B, by the names in the table."""
    return {"a_end": 7, "a_lag": 3, "a_to_read": 3, "b_end": 25, "b_lag": 19, "b_to_read": 6}

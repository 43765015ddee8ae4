# mistake: takes markers for records to read
# points: 1.33 of 2
# message: a marker is no record
def predictions() -> dict[str, int]:
    """What Kafka will say in scenarios A and B, by the names in the table."""
    return {"a_end": 8, "a_lag": 4, "a_to_read": 4, "b_end": 26, "b_lag": 20, "b_to_read": 9}

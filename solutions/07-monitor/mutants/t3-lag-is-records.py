# mistake: takes the lag for records
# points: 1.33 of 2
# message: The end of the partition minus the committed offset
def predictions() -> dict[str, int]:
    """What Kafka will say in scenarios A and B, by the names in the table."""
    return {"a_end": 8, "a_lag": 3, "a_to_read": 3, "b_end": 26, "b_lag": 6, "b_to_read": 6}

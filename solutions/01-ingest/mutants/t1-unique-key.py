# mistake: takes equal records to be stored once
# points: 2 of 3
# message: A key does not make a record unique
def predictions() -> dict[str, object]:
    """What Kafka will do in scenarios A and B, by the names in the table."""
    return {
        "a_offsets_of_ann": [0, 2, 5],
        "a_partitions_of_ann": 1,
        "a_order_of_ann": [1, 3, 6],
        "a_records_left": 6,
        "b_offsets_of_bob": [0, 2, 3],
        "b_records": 6,
    }

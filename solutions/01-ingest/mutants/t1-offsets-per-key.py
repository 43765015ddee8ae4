# mistake: counts offsets per key
# points: 2 of 3
# message: An offset is a record's place in its partition
def predictions() -> dict[str, object]:
    """What Kafka will do in scenarios A and B, by the names in the table."""
    return {
        "a_offsets_of_ann": [0, 1, 2],
        "a_partitions_of_ann": 1,
        "a_order_of_ann": [1, 3, 6],
        "a_records_left": 6,
        "b_offsets_of_bob": [0, 1, 2, 3, 4, 5],
        "b_records": 12,
    }

# mistake: counts offsets from 1
# points: 2 of 3
# message: counted from 0
def predictions() -> dict[str, object]:
    """What Kafka will do in scenarios A and B, by the names in the table."""
    return {
        "a_offsets_of_ann": [1, 3, 6],
        "a_partitions_of_ann": 1,
        "a_order_of_ann": [1, 3, 6],
        "a_records_left": 6,
        "b_offsets_of_bob": [1, 3, 4, 7, 9, 10],
        "b_records": 12,
    }

# mistake: takes the records of a key to be spread over the partitions
# points: 2.5 of 3
# message: for records with equal keys
def predictions() -> dict[str, object]:
    """What Kafka will do in scenarios A and B, by the names in the table."""
    return {
        "a_offsets_of_ann": [0, 2, 5],
        "a_partitions_of_ann": 3,
        "a_order_of_ann": [1, 3, 6],
        "a_records_left": 6,
        "b_offsets_of_bob": [0, 2, 3, 6, 8, 9],
        "b_records": 12,
    }

# mistake: counts a table's records as rows
# points: 2.5 of 3
# message: In a table the last record
def predictions() -> dict[str, object]:
    """What KSQL will hold in scenarios A and B, by the names in the table."""
    return {
        "a_stream_rows": 5,
        "a_table": {"ann": "north", "bob": "south", "cid": "west"},
        "a_events_of_ann": 2,
        "b_table": {"ann": "south", "bob": "west"},
        "b_table_rows": 2,
    }

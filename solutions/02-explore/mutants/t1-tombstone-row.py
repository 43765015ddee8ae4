# mistake: keeps a row with no value
# points: 1.5 of 3
# message: A tombstone takes the row
def predictions() -> dict[str, object]:
    """What KSQL will hold in scenarios A and B, by the names in the table."""
    return {
        "a_stream_rows": 5,
        "a_table": {"ann": "east", "bob": "south", "cid": "west"},
        "a_events_of_ann": 2,
        "b_table": {"ann": "south", "bob": "west", "cid": None},
        "b_table_rows": 3,
    }

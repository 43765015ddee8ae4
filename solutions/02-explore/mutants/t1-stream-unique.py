# mistake: takes a repeated event for no event
# points: 2.5 of 3
# message: every record is an event
def predictions() -> dict[str, object]:
    """What KSQL will hold in scenarios A and B, by the names in the table."""
    return {
        "a_stream_rows": 4,
        "a_table": {"ann": "east", "bob": "south", "cid": "west"},
        "a_events_of_ann": 2,
        "b_table": {"ann": "south", "bob": "west"},
        "b_table_rows": 2,
    }

# way: entry by entry
def predictions():
    expected = {"a_stream_rows": 5, "a_events_of_ann": 2}
    expected["a_table"] = dict(ann="east", cid="west", bob="south")
    expected["b_table"] = dict(bob="west", ann="south")
    expected["b_table_rows"] = len(expected["b_table"])
    return expected

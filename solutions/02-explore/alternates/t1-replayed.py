# way: replays the records into a dictionary
def predictions():
    def held(records):
        table = {}
        for key, value in records:
            table.pop(key, None) if value is None else table.update({key: value})
        return table

    a = [("ann", "north"), ("bob", "south"), ("ann", "east"), ("cid", "west"), ("bob", "south")]
    b = [("ann", "north"), ("bob", "south"), ("ann", None), ("bob", "west"), ("ann", "south"), ("cid", "east"), ("cid", None)]
    return {
        "a_stream_rows": len(a),
        "a_table": held(a),
        "a_events_of_ann": sum(key == "ann" for key, _ in a),
        "b_table": held(b),
        "b_table_rows": len(held(b)),
    }

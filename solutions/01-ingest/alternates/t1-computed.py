# way: works the offsets out instead of writing them down
def predictions() -> dict[str, object]:
    a = "ann bob ann cid bob ann".split()
    b = "bob ann bob bob cid ann".split() * 2
    return {
        "a_offsets_of_ann": [place for place, key in enumerate(a) if key == "ann"],
        "a_partitions_of_ann": 1,
        "a_order_of_ann": [place + 1 for place, key in enumerate(a) if key == "ann"],
        "a_records_left": len(a),
        "b_offsets_of_bob": [place for place, key in enumerate(b) if key == "bob"],
        "b_records": len(b),
    }

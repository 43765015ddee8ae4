# way: fills the dictionary entry by entry
def predictions():
    expected = dict(b_records=6 + 6, a_records_left=6)
    expected["a_partitions_of_ann"] = 1
    expected["a_offsets_of_ann"] = [0, 2, 5]
    expected["a_order_of_ann"] = [1, 3, 6]
    first_run = [0, 2, 3]
    expected["b_offsets_of_bob"] = first_run + [offset + 6 for offset in first_run]
    return expected

# way: computes them from the batches
def predictions():
    batches = [range(0, 4), range(4, 8), range(8, 10)]
    lost = batches[0], batches[2]
    again = [*batches, batches[1]]
    first, second = sum(map(len, lost)), sum(map(len, again))
    found = {"a_scores": first, "a_missing": 10 - first, "a_twice": 0}
    found |= {"b_scores": second, "b_missing": 0, "b_twice": len(batches[1])}
    return found | {"c_committed": 10, "c_uncommitted": second, "c_end": second + len(again)}

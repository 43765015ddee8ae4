# way: plays the scorer with lists
def predictions():
    def play(commit_first):
        committed, written = 0, []
        for killed_in in (2, None):
            number = 0
            while committed < 10:
                number += 1
                batch = list(range(committed, min(committed + 4, 10)))
                if commit_first:
                    committed += len(batch)
                    if number == killed_in:
                        break
                    written += batch
                else:
                    written += batch
                    if number == killed_in:
                        break
                    committed += len(batch)
        return written

    found = {}
    for name, commit_first in (("a", True), ("b", False)):
        scores = play(commit_first)
        found[f"{name}_scores"] = len(scores)
        found[f"{name}_missing"] = len(set(range(10)) - set(scores))
        found[f"{name}_twice"] = len(scores) - len(set(scores))
    transactions = 1 + 1 + 1 + 1  # first, killed, second again, last
    return {**found, "c_committed": 10, "c_uncommitted": 14, "c_end": 14 + transactions}

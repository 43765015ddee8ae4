# mistake: thinks that a committed batch comes again
# points: 2.33 of 3
# message: goes on at the committed offset
def predictions() -> dict[str, int]:
    """What is left of the crash in scenarios A, B and C, by the names in the table."""
    return {
        "a_scores": 10,
        "a_missing": 0,
        "a_twice": 0,
        "b_scores": 14,
        "b_missing": 0,
        "b_twice": 4,
        "c_committed": 10,
        "c_uncommitted": 14,
        "c_end": 18,
    }

# mistake: forgets the marker of the aborted transaction
# points: 2.67 of 3
# message: one marker for each of the transactions
def predictions() -> dict[str, int]:
    """What is left of the crash in scenarios A, B and C, by the names in the table."""
    return {
        "a_scores": 6,
        "a_missing": 4,
        "a_twice": 0,
        "b_scores": 14,
        "b_missing": 0,
        "b_twice": 4,
        "c_committed": 10,
        "c_uncommitted": 14,
        "c_end": 17,
    }

# mistake: thinks that a payment written again replaces its first score
# points: 2.33 of 3
# message: it is read and written again
def predictions() -> dict[str, int]:
    """What is left of the crash in scenarios A, B and C, by the names in the table."""
    return {
        "a_scores": 6,
        "a_missing": 4,
        "a_twice": 0,
        "b_scores": 10,
        "b_missing": 0,
        "b_twice": 0,
        "c_committed": 10,
        "c_uncommitted": 14,
        "c_end": 18,
    }

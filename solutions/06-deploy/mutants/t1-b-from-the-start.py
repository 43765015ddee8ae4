# mistake: thinks that the scorer begins anew after a crash
# points: 2.33 of 3
# message: All payments of the second batch
def predictions() -> dict[str, int]:
    """What is left of the crash in scenarios A, B and C, by the names in the table."""
    return {
        "a_scores": 6,
        "a_missing": 4,
        "a_twice": 0,
        "b_scores": 18,
        "b_missing": 0,
        "b_twice": 8,
        "c_committed": 10,
        "c_uncommitted": 14,
        "c_end": 18,
    }

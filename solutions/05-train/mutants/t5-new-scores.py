# mistake: threshold from the new scores
# points: 1 of 3
# message: Was the threshold chosen from the new scores?
import numpy as np


def threshold_for(scores: np.ndarray, alerts_per_10k: float) -> float:
    """The score that `alerts_per_10k` of 10,000 payments exceed, judged by `scores` (n,)."""
    return float(np.quantile(scores, 1 - alerts_per_10k / 10_000))


def flag(validation_scores: np.ndarray, new_scores: np.ndarray, alerts_per_10k: float) -> np.ndarray:
    """For each of `new_scores` (n,) whether it raises an alert: an array of bool (n,)."""
    return new_scores > threshold_for(new_scores, alerts_per_10k)

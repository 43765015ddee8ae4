# mistake: takes the lower end
# points: 0.5 of 3
# message: should lie above the threshold
import numpy as np


def threshold_for(scores: np.ndarray, alerts_per_10k: float) -> float:
    """The score that `alerts_per_10k` of 10,000 payments exceed, judged by `scores` (n,)."""
    return float(np.quantile(scores, alerts_per_10k / 10_000))


def flag(validation_scores: np.ndarray, new_scores: np.ndarray, alerts_per_10k: float) -> np.ndarray:
    """For each of `new_scores` (n,) whether it raises an alert: an array of bool (n,)."""
    return new_scores > threshold_for(validation_scores, alerts_per_10k)

# mistake: no least share
# points: 2.7 of 3
# message: below 0.0001 counts as 0.0001
import numpy as np


def score_drift(scores: np.ndarray, quantiles: np.ndarray) -> dict[str, np.ndarray | float] | None:
    """`shares` (10,) of `scores` (n,) between the deciles of training, and `psi`; `None` without scores."""
    if len(scores) == 0:
        return None
    step = (len(quantiles) - 1) // 10
    deciles = quantiles[step:-1:step]
    shares = np.bincount(np.searchsorted(deciles, scores, side="right"), minlength=10) / len(scores)
    floored = shares
    return {"shares": shares, "psi": float(np.sum((floored - 0.1) * np.log(floored / 0.1)))}

# mistake: says whether it is an alert
# points: 1 of 2
# message: One number, a float
import numpy as np


def fraud_score(features: list[float]) -> float:
    """How unusual a payment is: the detector's columns, in their order, to its score."""
    row = np.array([features], dtype=float)
    if row.shape[1] != len(detector.columns) or not np.isfinite(row).all():
        raise ValueError(f"expected {len(detector.columns)} finite numbers, not {features}")
    return bool(detector.score(row)[0] > detector.threshold)


def fraud_threshold() -> float:
    """The score above which a payment raises an alert."""
    return detector.threshold

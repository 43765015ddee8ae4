# mistake: lets NULL and NaN pass
# points: 1.27 of 2
# message: Such a payment cannot be scored
import numpy as np


def fraud_score(features: list[float]) -> float:
    """How unusual a payment is: the detector's columns, in their order, to its score."""
    row = np.array([features], dtype=float)
    if row.shape[1] != len(detector.columns):
        raise ValueError(f"expected {len(detector.columns)} finite numbers, not {features}")
    return float(detector.score(row)[0])


def fraud_threshold() -> float:
    """The score above which a payment raises an alert."""
    return detector.threshold

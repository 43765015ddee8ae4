# mistake: drops the annotations
# points: 1.33 of 2
# message: from FRAUD_SCORE and FRAUD_THRESHOLD in a SELECT
import numpy as np


def fraud_score(features):
    """How unusual a payment is: the detector's columns, in their order, to its score."""
    row = np.array([features], dtype=float)
    if row.shape[1] != len(detector.columns) or not np.isfinite(row).all():
        raise ValueError(f"expected {len(detector.columns)} finite numbers, not {features}")
    return float(detector.score(row)[0])


def fraud_threshold() -> float:
    """The score above which a payment raises an alert."""
    return detector.threshold

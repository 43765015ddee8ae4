# way: looks at the list before NumPy does
import math

import numpy as np


def fraud_score(features: list[float]) -> float:
    if len(features) != 4:
        raise ValueError("four features are needed")
    for name, value in zip(detector.columns, features):
        if value is None or not math.isfinite(value):
            raise ValueError(f"{name} is {value}")
    [score] = detector.score(np.asarray(features, dtype=np.float64)[np.newaxis, :])
    return score.item()


def fraud_threshold() -> float:
    return float(detector.threshold)

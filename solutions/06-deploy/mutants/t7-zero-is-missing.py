# mistake: `all` takes a feature of 0 for one that is missing
# points: 1.67 of 2
# message: of which a feature is 0
import numpy as np
def fraud_score(features: list[float]) -> float:
    if len(features) != len(detector.columns) or not all(features) or any(not np.isfinite(x) for x in features):
        raise ValueError
    return float(detector.score(np.array([features], dtype=float))[0])
def fraud_threshold() -> float:
    return float(detector.threshold)

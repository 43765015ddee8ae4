# way: an error of its own, that is a ValueError
import numpy as np


class UnscorableError(ValueError):
    pass


def fraud_score(features: list[float]) -> float:
    """The score; NumPy's number will do."""
    values = np.array([np.nan if one is None else one for one in features])
    if values.shape != (len(detector.columns),) or np.isnan(values).any() or np.isinf(values).any():
        raise UnscorableError(features)
    return detector.score(values.reshape(1, -1)).sum()


def fraud_threshold() -> float:
    return detector.threshold

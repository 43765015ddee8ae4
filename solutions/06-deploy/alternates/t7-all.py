# way: zip strict and math
import math


def fraud_score(features: list[float]) -> float:
    pairs = list(zip(detector.columns, features, strict=True))
    if any(one is None or math.isnan(one) or math.isinf(one) for _, one in pairs):
        raise ValueError("not finite")
    (score,) = detector.score(np.asarray(features, float)[np.newaxis, :])
    return score.item()


def fraud_threshold() -> float:
    return float(detector.threshold)

# mistake: one index for all features
# points: 1.2 of 3
# message: Compare each feature with itself
import numpy as np
import pandas as pd

from fraud_pipeline.monitor.drift import score_drift
from fraud_pipeline.prepare import FEATURES


def moved_features(before: pd.DataFrame, now: pd.DataFrame, limit: float = 0.25) -> list[str]:
    """The features whose PSI, `now` against `before`, is above `limit`; in the order of `FEATURES`."""
    levels = np.linspace(0, 1, 1001)

    def psi(name: str) -> float:
        return score_drift(now[list(FEATURES)].to_numpy().ravel(), np.quantile(before[list(FEATURES)].to_numpy().ravel(), levels)).psi

    return [name for name in FEATURES if psi(name) > limit]

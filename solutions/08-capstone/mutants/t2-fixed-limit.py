# mistake: the limit is always 0.25
# points: 1.8 of 3
# message: The limit is an argument
import numpy as np
import pandas as pd

from fraud_pipeline.monitor.drift import score_drift
from fraud_pipeline.prepare import FEATURES


def moved_features(before: pd.DataFrame, now: pd.DataFrame, limit: float = 0.25) -> list[str]:
    """The features whose PSI, `now` against `before`, is above `limit`; in the order of `FEATURES`."""
    levels = np.linspace(0, 1, 1001)

    def psi(name: str) -> float:
        return score_drift(now[name].to_numpy(), np.quantile(before[name], levels)).psi

    return [name for name in FEATURES if psi(name) > 0.25]

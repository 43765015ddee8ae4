# mistake: compares each day with the day before
# points: 0.5 of 3
# message: Which scores does each day get compared with?
from collections.abc import Sequence

import numpy as np

from fraud_pipeline.monitor import drift


def daily_psi(days: Sequence[np.ndarray], quantiles: np.ndarray) -> list[float | None]:
    """PSI of each day's scores against the quantiles of the training scores."""
    figures = []
    for scores in days:
        figures.append(drift.score_drift(scores, quantiles).psi if len(scores) else None)
        if len(scores):
            quantiles = np.quantile(scores, np.linspace(0, 1, 1001))
    return figures

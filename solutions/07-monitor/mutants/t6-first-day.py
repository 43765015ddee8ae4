# mistake: compares with the first day
# points: 2 of 3
# message: Which scores does each day get compared with?
from collections.abc import Sequence

import numpy as np

from fraud_pipeline.monitor import drift


def daily_psi(days: Sequence[np.ndarray], quantiles: np.ndarray) -> list[float | None]:
    """PSI of each day's scores against the quantiles of the training scores."""
    quantiles = np.quantile(days[0], np.linspace(0, 1, 1001))
    return [drift.score_drift(scores, quantiles).psi if len(scores) else None for scores in days]

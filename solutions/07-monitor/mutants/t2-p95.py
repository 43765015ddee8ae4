# mistake: another percentile
# points: 1.8 of 3
# message: Put the latencies of all scorers together
from collections.abc import Mapping

import numpy as np


def overall_p99(by_scorer: Mapping[str, np.ndarray]) -> float | None:
    """The 99th percentile of all payments, from the latencies (n,) of each scorer."""
    pooled = np.concatenate([*by_scorer.values(), np.array([])])
    return float(np.percentile(pooled, 95)) if len(pooled) else None

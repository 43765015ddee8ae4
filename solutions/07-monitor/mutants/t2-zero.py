# mistake: 0 where there is no payment
# points: 2.4 of 3
# message: Without any payment there is no figure
from collections.abc import Mapping

import numpy as np


def overall_p99(by_scorer: Mapping[str, np.ndarray]) -> float | None:
    """The 99th percentile of all payments, from the latencies (n,) of each scorer."""
    pooled = np.concatenate([*by_scorer.values(), np.array([])])
    return float(np.percentile(pooled, 99)) if len(pooled) else 0.0

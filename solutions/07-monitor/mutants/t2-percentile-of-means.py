# mistake: a percentile of the means
# points: 0.6 of 3
# message: fewer than one in a hundred
from collections.abc import Mapping

import numpy as np


def overall_p99(by_scorer: Mapping[str, np.ndarray]) -> float | None:
    """The 99th percentile of all payments, from the latencies (n,) of each scorer."""
    means = [values.mean() for values in by_scorer.values() if len(values)]
    return float(np.percentile(means, 99)) if means else None

# mistake: the worst of the percentiles
# points: 1.8 of 3
# message: fewer than one in a hundred
from collections.abc import Mapping

import numpy as np


def overall_p99(by_scorer: Mapping[str, np.ndarray]) -> float | None:
    """The 99th percentile of all payments, from the latencies (n,) of each scorer."""
    return max((float(np.percentile(values, 99)) for values in by_scorer.values() if len(values)), default=None)

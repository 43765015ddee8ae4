# mistake: mean of the percentiles
# points: 0 of 3
# message: which payments does the percentile go over?
from collections.abc import Mapping

import numpy as np


def overall_p99(by_scorer: Mapping[str, np.ndarray]) -> float | None:
    """The 99th percentile of all payments, from the latencies (n,) of each scorer."""
    return float(np.mean([np.percentile(values, 99) for values in by_scorer.values()]))

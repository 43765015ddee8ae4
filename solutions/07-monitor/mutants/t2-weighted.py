# mistake: mean of the percentiles, weighted by payments
# points: 1.2 of 3
# message: which payments does the percentile go over?
from collections.abc import Mapping

import numpy as np


def overall_p99(by_scorer: Mapping[str, np.ndarray]) -> float | None:
    """The 99th percentile of all payments, from the latencies (n,) of each scorer."""
    values = [one for one in by_scorer.values() if len(one)]
    if not values:
        return None
    return float(np.average([np.percentile(one, 99) for one in values], weights=[len(one) + 1 for one in values]))

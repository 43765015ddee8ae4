# mistake: the slowest payment in the place of p99
# points: 1.6 of 2
# message: p99 is no maximum
import numpy as np
def latency_percentiles(sent, arrived):
    l = arrived - sent; l = l[l <= 3_600_000]
    if len(l) == 0: return {"p50": None, "p99": None}
    return {"p50": float(np.percentile(l, 50)), "p99": float(l.max())}

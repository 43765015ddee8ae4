# way: one list of all latencies
import numpy as np


def overall_p99(by_scorer):
    everything = [latency for values in by_scorer.values() for latency in values.tolist()]
    if not everything:
        return None
    return float(np.quantile(everything, 0.99))

# mistake: writes the latencies into the caller's array
# points: 1.6 of 2
# message: writes into the caller's array
import numpy as np


def latency_percentiles(sent, arrived):
    arrived -= sent
    latencies = arrived[arrived <= 3_600_000]
    if len(latencies) == 0:
        return {"p50": None, "p99": None}
    return {"p50": float(np.percentile(latencies, 50)), "p99": float(np.percentile(latencies, 99))}

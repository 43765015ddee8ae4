# mistake: the mean for the median
# points: 0.8 of 2
# message: gives the median
import numpy as np


def latency_percentiles(sent: np.ndarray, arrived: np.ndarray) -> dict[str, float | None]:
    """`p50` and `p99`, in milliseconds, of the payments that were not replayed."""
    latencies = arrived - sent
    latencies = latencies[latencies <= 3_600_000]
    if len(latencies) == 0:
        return {"p50": None, "p99": None}
    return {"p50": float(latencies.mean()), "p99": float(np.percentile(latencies, 99))}

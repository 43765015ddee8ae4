# mistake: counts replayed payments too
# points: 0.8 of 2
# message: do not count
import numpy as np


def latency_percentiles(sent: np.ndarray, arrived: np.ndarray) -> dict[str, float | None]:
    """`p50` and `p99`, in milliseconds, of the payments that were not replayed."""
    latencies = arrived - sent
    if len(latencies) == 0:
        return {"p50": None, "p99": None}
    return {"p50": float(np.percentile(latencies, 50)), "p99": float(np.percentile(latencies, 99))}

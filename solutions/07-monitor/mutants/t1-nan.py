# mistake: nan where there is no payment
# points: 1.6 of 2
# message: both are None
import numpy as np


def latency_percentiles(sent: np.ndarray, arrived: np.ndarray) -> dict[str, float | None]:
    """`p50` and `p99`, in milliseconds, of the payments that were not replayed."""
    latencies = arrived - sent
    latencies = latencies[latencies <= 3_600_000]
    if len(latencies) == 0:
        return {"p50": float("nan"), "p99": float("nan")}
    return {"p50": float(np.percentile(latencies, 50)), "p99": float(np.percentile(latencies, 99))}

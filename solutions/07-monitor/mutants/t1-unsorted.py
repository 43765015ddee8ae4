# mistake: counts in the payments as they came, without sorting their latencies
# points: 0.8 of 2
# message: must sort the latencies first
def latency_percentiles(sent, arrived):
    ages = [int(b - a) for a, b in zip(sent, arrived, strict=True) if b - a <= 3_600_000]
    if not ages:
        return {"p50": None, "p99": None}
    return {"p50": float(ages[len(ages) // 2]), "p99": float(ages[int(0.99 * len(ages))])}

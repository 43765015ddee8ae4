# way: counts in the sorted list
def latency_percentiles(sent, arrived):
    ages = sorted(float(b - a) for a, b in zip(sent, arrived, strict=True) if b - a <= 3_600_000)
    if not ages:
        return dict.fromkeys(("p50", "p99"))
    return (
        {"p50": ages[int(0.5 * len(ages))], "p99": ages[int(0.99 * len(ages))]}
        if len(ages) > 1
        else {
            "p50": ages[0],
            "p99": ages[0],
        }
    )

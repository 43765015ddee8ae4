# way: NumPy's quantiles, both at once, of a masked array
import numpy as np


def latency_percentiles(sent, arrived):
    ages = np.ma.masked_greater(np.subtract(arrived, sent), 3_600_000).compressed()
    figures = np.quantile(ages, [0.5, 0.99]) if ages.size else (None, None)
    return dict(zip(["p50", "p99"], figures, strict=True))

# way: quantiles of a Series
import pandas as pd


def latency_percentiles(sent, arrived):
    ages = pd.Series(arrived) - pd.Series(sent)
    ages = ages[~(ages > 60 * 60 * 1000)]
    if ages.empty:
        return {"p50": None, "p99": None}
    return {"p50": ages.median(), "p99": ages.quantile(0.99)}

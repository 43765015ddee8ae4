# way: concatenated as pandas Series
import pandas as pd


def overall_p99(by_scorer):
    pooled = pd.concat([pd.Series(values, dtype=float) for values in by_scorer.values()])
    return None if pooled.empty else pooled.quantile(0.99)

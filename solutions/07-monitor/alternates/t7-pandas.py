# way: a pandas Series
import pandas as pd


def breaches(figures, limits):
    values = pd.Series(figures, dtype=float).reindex(list(limits))
    above = values > pd.Series(limits, dtype=float)
    return {"breached": list(values.index[above]), "unknown": list(values.index[values.isna()])}

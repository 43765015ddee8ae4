# way: differences of a cumulative count
import numpy as np


def score_drift(scores, quantiles):
    if scores.size == 0:
        return None
    deciles = np.interp(np.arange(1, 10) / 10, np.linspace(0, 1, len(quantiles)), quantiles)
    below = (scores[:, None] < deciles).mean(axis=0)
    shares = np.diff(below, prepend=0.0, append=1.0)
    filled = np.clip(shares, 1e-4, None)
    return {"psi": float(((filled - 0.1) * (np.log(filled) - np.log(0.1))).sum()), "shares": shares}

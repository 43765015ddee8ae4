# mistake: opens the ends of the deciles in a view of the caller's quantiles
# points: 2.7 of 3
# message: A slice of a NumPy array is a view
import numpy as np


def score_drift(scores, quantiles):
    if len(scores) == 0:
        return None
    edges = quantiles[:: (len(quantiles) - 1) // 10]
    edges[0], edges[-1] = -np.inf, np.inf
    shares = np.histogram(scores, edges)[0] / len(scores)
    floored = np.maximum(shares, 1e-4)
    return {"shares": shares, "psi": float(np.sum((floored - 0.1) * np.log(floored / 0.1)))}

# way: a histogram with open ends
import math

import numpy as np


def score_drift(scores, quantiles):
    if not len(scores):
        return None
    edges = np.array(quantiles[:: (len(quantiles) - 1) // 10], dtype=float)
    edges[0], edges[-1] = -np.inf, np.inf
    shares = np.histogram(scores, edges)[0] / len(scores)
    parts = [max(share, 0.0001) for share in shares]
    return {"shares": shares, "psi": sum((share - 0.1) * math.log(share / 0.1) for share in parts)}

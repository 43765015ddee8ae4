# way: by bisection, score by score
from bisect import bisect_right
from collections import Counter
from math import log

import numpy as np


def score_drift(scores, quantiles):
    values = [float(score) for score in scores]
    if not values:
        return None
    step = len(quantiles) // 10
    deciles = [float(quantiles[step * part]) for part in range(1, 10)]
    counts = Counter(bisect_right(deciles, value) for value in values)
    shares = np.array([counts[part] / len(values) for part in range(10)])
    return {"psi": sum((max(one, 1e-4) - 0.1) * log(max(one, 1e-4) * 10) for one in shares), "shares": shares}

# way: without the kit's function
import numpy as np


def daily_psi(days, quantiles):
    step = (len(quantiles) - 1) // 10
    edges = np.concatenate([[-np.inf], quantiles[step:-1:step], [np.inf]])

    def psi(scores):
        if scores.size == 0:
            return None
        shares = np.maximum(np.histogram(scores, edges)[0] / scores.size, 1e-4)
        return float(((shares - 0.1) * np.log(shares / 0.1)).sum())

    return list(map(psi, days))

# way: the index by hand, from eleven quantiles
import numpy as np

from fraud_pipeline.prepare import FEATURES


def moved_features(before, now, limit=0.25):
    moved = []
    for name in FEATURES:
        cuts = np.quantile(before[name], np.arange(0.1, 0.95, 0.1))
        shares = np.maximum(np.histogram(now[name], [-np.inf, *cuts, np.inf])[0] / len(now), 1e-4)
        if ((shares - 0.1) * np.log(shares / 0.1)).sum() > limit:
            moved.append(name)
    return moved

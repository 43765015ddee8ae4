# way: a percentile, and NumPy's comparison by name
import numpy as np


def threshold_for(scores, alerts_per_10k):
    return np.percentile(scores, 100 - alerts_per_10k / 100, method="lower")


def flag(validation_scores, new_scores, alerts_per_10k):
    return np.greater(new_scores, threshold_for(validation_scores, alerts_per_10k))

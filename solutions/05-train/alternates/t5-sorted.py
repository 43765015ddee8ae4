# way: counts down the sorted scores
import numpy as np


def threshold_for(scores, alerts_per_10k):
    alerts = round(len(scores) * alerts_per_10k / 10_000)
    return float(sorted(scores, reverse=True)[alerts])


def flag(validation_scores, new_scores, alerts_per_10k):
    threshold = threshold_for(validation_scores, alerts_per_10k)
    return np.array([score > threshold for score in new_scores])

# mistake: flags a score that equals the threshold, too
# points: 2.5 of 3
# message: 2.5 is not above it
import numpy as np


def threshold_for(scores, alerts_per_10k):
    return float(np.quantile(scores, 1 - alerts_per_10k / 10_000))


def flag(validation_scores, new_scores, alerts_per_10k):
    return new_scores >= threshold_for(validation_scores, alerts_per_10k)

# way: NumPy's partition, and one comparison a score
import numpy as np


def threshold_for(scores, alerts_per_10k):
    place = len(scores) - 1 - round(len(scores) * alerts_per_10k / 1e4)
    return np.partition(scores, place)[place]


def flag(validation_scores, new_scores, alerts_per_10k):
    limit = threshold_for(validation_scores, alerts_per_10k)
    return np.fromiter((score > limit for score in new_scores), dtype=bool, count=len(new_scores))

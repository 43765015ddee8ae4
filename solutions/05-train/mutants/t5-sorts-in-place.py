# mistake: sorts the caller's scores
# points: 2.5 of 3
# message: sorts the caller's array
def threshold_for(scores, alerts_per_10k):
    scores.sort()
    return float(scores[-1 - round(len(scores) * alerts_per_10k / 10_000)])


def flag(validation_scores, new_scores, alerts_per_10k):
    return new_scores > threshold_for(validation_scores, alerts_per_10k)

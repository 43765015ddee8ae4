# way: a loop that leaves the reference alone

from fraud_pipeline.monitor import drift


def daily_psi(days, quantiles):
    figures = []
    for scores in days:
        found = drift.score_drift(scores, quantiles)
        figures.append(None if found is None else found.psi)
    return figures

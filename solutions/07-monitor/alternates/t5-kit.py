# way: by the kit's own function
from fraud_pipeline.monitor import drift


def score_drift(scores, quantiles):
    found = drift.score_drift(scores, quantiles)
    return found and {"shares": found.shares, "psi": found.psi}

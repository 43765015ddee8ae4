# mistake: the features in the order of the frame
# points: 2.4 of 3
# message: in the order of FEATURES
import numpy as np
from fraud_pipeline.monitor.drift import score_drift
from fraud_pipeline.prepare import FEATURES
def moved_features(before, now, limit=0.25):
    q = np.linspace(0, 1, 1001)
    return [f for f in now.columns if f in FEATURES and score_drift(now[f].to_numpy(), np.quantile(before[f].to_numpy(), q)).psi > limit]

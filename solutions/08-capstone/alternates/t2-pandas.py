# way: all features at once
import numpy as np
import pandas as pd

from fraud_pipeline.monitor.drift import score_drift
from fraud_pipeline.prepare import FEATURES


def moved_features(before, now, limit=0.25):
    quantiles = before[list(FEATURES)].quantile(np.linspace(0, 1, 101))
    psi = pd.Series({name: score_drift(now[name].values, quantiles[name].values).psi for name in FEATURES})
    return psi.index[psi > limit].tolist()

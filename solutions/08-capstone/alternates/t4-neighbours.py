# way: local outlier factor
from types import SimpleNamespace

import numpy as np
from sklearn.neighbors import LocalOutlierFactor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fraud_pipeline.prepare import FEATURES


def train_detector(payments, alerts_per_10k):
    cut = int(0.75 * len(payments))
    normal = payments[:cut][payments[:cut].CLASS == 0][list(FEATURES)].to_numpy()
    model = make_pipeline(StandardScaler(), LocalOutlierFactor(20, novelty=True)).fit(normal)
    score = lambda features: -model.score_samples(features)
    latest = score(payments[cut:][list(FEATURES)].to_numpy())
    return SimpleNamespace(score=score, threshold=np.percentile(latest, 100 - alerts_per_10k / 100))

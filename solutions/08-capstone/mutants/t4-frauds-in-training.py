# mistake: learns from frauds, too
# points: 2.78 of 5
# message: or into the training?
from types import SimpleNamespace

import numpy as np
import pandas as pd
from sklearn.covariance import EmpiricalCovariance

from fraud_pipeline.prepare import FEATURES


def train_detector(payments, alerts_per_10k):
    cut = int(0.8 * len(payments))
    train, validation = payments.iloc[:cut], payments.iloc[cut:]
    score = EmpiricalCovariance().fit(train[list(FEATURES)].to_numpy()).mahalanobis
    threshold = np.quantile(score(validation[list(FEATURES)].to_numpy()), 1 - alerts_per_10k / 10_000)
    return SimpleNamespace(score=score, threshold=float(threshold))

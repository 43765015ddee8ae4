# mistake: a threshold of 0
# points: 2.78 of 5
# message: 10000 alerts in 10,000
from types import SimpleNamespace

import numpy as np
import pandas as pd
from sklearn.covariance import EmpiricalCovariance

from fraud_pipeline.prepare import FEATURES


def train_detector(payments, alerts_per_10k):
    cut = int(0.8 * len(payments))
    train, validation = payments.iloc[:cut], payments.iloc[cut:]
    score = EmpiricalCovariance().fit(train.loc[train["CLASS"] == 0, list(FEATURES)].to_numpy()).mahalanobis
    threshold = 0.0
    return SimpleNamespace(score=score, threshold=float(threshold))

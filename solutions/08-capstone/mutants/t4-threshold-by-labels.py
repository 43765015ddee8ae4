# mistake: the threshold that catches four in five of the known frauds
# points: 2.59 of 5
# message: nothing may depend on one
from types import SimpleNamespace

import numpy as np
import pandas as pd
from sklearn.covariance import EmpiricalCovariance

from fraud_pipeline.prepare import FEATURES


def train_detector(payments, alerts_per_10k):
    cut = int(0.8 * len(payments))
    train, validation = payments.iloc[:cut], payments.iloc[cut:]
    score = EmpiricalCovariance().fit(train.loc[train["CLASS"] == 0, list(FEATURES)].to_numpy()).mahalanobis
    threshold = np.quantile(score(validation.loc[validation["CLASS"] == 1, list(FEATURES)].to_numpy()), 0.2)
    return SimpleNamespace(score=score, threshold=float(threshold))

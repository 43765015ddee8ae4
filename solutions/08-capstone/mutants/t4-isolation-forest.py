# mistake: a method that looks at one column after the other
# points: 2.78 of 5
# message: AUPRC
from types import SimpleNamespace

import numpy as np
from sklearn.ensemble import IsolationForest

from fraud_pipeline.prepare import FEATURES


def train_detector(payments, alerts_per_10k):
    cut = int(0.8 * len(payments))
    train, validation = payments.iloc[:cut], payments.iloc[cut:]
    forest = IsolationForest(n_estimators=100, random_state=0)
    forest.fit(train.loc[train["CLASS"] == 0, list(FEATURES)].to_numpy())

    def score(features):
        return -forest.score_samples(features)

    threshold = np.quantile(score(validation[list(FEATURES)].to_numpy()), 1 - alerts_per_10k / 10_000)
    return SimpleNamespace(score=score, threshold=float(threshold))

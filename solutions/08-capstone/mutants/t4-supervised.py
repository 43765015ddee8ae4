# mistake: learns what known frauds look like
# points: 1.85 of 5
# message: There is no fraud in this history
from types import SimpleNamespace

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from fraud_pipeline.prepare import FEATURES


def train_detector(payments, alerts_per_10k):
    cut = int(0.8 * len(payments))
    train, validation = payments.iloc[:cut], payments.iloc[cut:]
    model = RandomForestClassifier(200, random_state=0).fit(train[list(FEATURES)].to_numpy(), train["CLASS"])

    def score(features):
        return model.predict_proba(features)[:, 1]

    threshold = np.quantile(score(validation[list(FEATURES)].to_numpy()), 1 - alerts_per_10k / 10_000)
    return SimpleNamespace(score=score, threshold=float(threshold))

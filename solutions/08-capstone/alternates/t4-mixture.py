# way: the density under a mixture of Gaussians
from types import SimpleNamespace

import numpy as np
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler

from fraud_pipeline.prepare import FEATURES


def train_detector(payments, alerts_per_10k):
    columns, cut = list(FEATURES), int(0.8 * len(payments))
    train = payments.iloc[:cut].loc[lambda frame: frame["CLASS"] == 0, columns].to_numpy()
    scaler = StandardScaler().fit(train)
    model = GaussianMixture(4, reg_covar=1e-2, random_state=0).fit(scaler.transform(train))
    score = lambda features: -model.score_samples(scaler.transform(features))
    cutoff = np.quantile(score(payments.iloc[cut:][columns].to_numpy()), 1 - alerts_per_10k / 10_000)
    return SimpleNamespace(score=score, threshold=cutoff)

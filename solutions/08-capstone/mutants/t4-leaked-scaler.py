# mistake: scaler fitted on the frauds, too
# points: 3.52 of 5
# message: Do frauds get into the scaler
import numpy as np
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from fraud_pipeline.prepare import FEATURES


class Reconstruction:
    def __init__(self, payments, alerts_per_10k):
        cut = len(payments) * 4 // 5
        normal = payments[:cut].query("CLASS == 0")[list(FEATURES)].values
        self.scaler = StandardScaler().fit(payments[:cut][list(FEATURES)].values)
        self.pca = PCA(10, random_state=0).fit(self.scaler.transform(normal))
        latest = np.sort(self.score(payments[cut:][list(FEATURES)].values))
        self.threshold = latest[-1 - round(len(latest) * alerts_per_10k / 10_000)]

    def score(self, features):
        x = self.scaler.transform(features)
        return ((x - self.pca.inverse_transform(self.pca.transform(x))) ** 2).sum(axis=1)


def train_detector(payments, alerts_per_10k):
    return Reconstruction(payments, alerts_per_10k)

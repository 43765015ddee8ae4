# way: the kit's denoising autoencoder, with early stopping
from types import SimpleNamespace

import numpy as np

from fraud_pipeline.keras_setup import keras
from fraud_pipeline.prepare import FEATURES, features_of, fit_scaler
from fraud_pipeline.train import FitSettings, autoencoder


def train_detector(payments, alerts_per_10k):
    cut = int(0.8 * len(payments))
    train, validation = payments.iloc[:cut], payments.iloc[cut:]
    scaler = fit_scaler(features_of(train[train.CLASS == 0]))
    keras().utils.set_random_seed(1)
    model = autoencoder.denoising_autoencoder(29, (32,), 8, 0.3)
    parts = [scaler.transform(features_of(part[part.CLASS == 0])) for part in (train, validation)]
    autoencoder.fit(model, *parts, FitSettings(epochs=10, batch_size=128))

    def score(features):
        x = scaler.transform(features)
        return np.square(x - autoencoder.reconstruct(model, x)).mean(axis=1)

    threshold = np.quantile(score(features_of(validation)), 1 - alerts_per_10k / 10_000)
    return SimpleNamespace(score=score, threshold=float(threshold))

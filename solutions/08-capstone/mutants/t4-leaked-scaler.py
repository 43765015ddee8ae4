# mistake: scaler fitted on the frauds, too
# points: 0 of 5
# message: Do frauds get into the scaler
from types import SimpleNamespace

import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler

from fraud_pipeline.keras_setup import keras
from fraud_pipeline.prepare import FEATURES


def train_detector(payments: pd.DataFrame, alerts_per_10k: float):
    """An object with `score`, from features (n, 29) to scores (n,), and `threshold`, trained on labelled `payments`."""
    cut = int(0.8 * len(payments))
    train, validation = payments.iloc[:cut], payments.iloc[cut:]
    normal = train.loc[train["CLASS"] == 0, list(FEATURES)].to_numpy()
    scaler = StandardScaler().fit(train[list(FEATURES)].to_numpy())
    inputs = scaler.transform(normal)
    keras().utils.set_random_seed(8)
    layers = keras().layers
    model = keras().Sequential(
        [
            layers.Input((len(FEATURES),)),
            layers.Dense(14, activation="tanh"),
            layers.Dense(7, activation="relu"),
            layers.Dense(7, activation="tanh"),
            layers.Dense(len(FEATURES)),
        ]
    )
    model.compile("adam", loss="mse", steps_per_execution=8)
    model.fit(inputs, inputs, batch_size=64, epochs=30, verbose=0)

    def score(features: np.ndarray) -> np.ndarray:
        scaled = scaler.transform(np.asarray(features))
        return np.square(scaled - model(scaled.astype(np.float32)).numpy()).mean(axis=1)

    threshold = np.quantile(score(validation[list(FEATURES)].to_numpy()), 1 - alerts_per_10k / 10_000)
    return SimpleNamespace(score=score, threshold=float(threshold))

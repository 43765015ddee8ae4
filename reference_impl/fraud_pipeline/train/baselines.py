"""What the detector has to beat, trained on the same payments and tried on the same ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.covariance import EmpiricalCovariance
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from threadpoolctl import threadpool_limits

from fraud_pipeline.keras_setup import keras
from fraud_pipeline.prepare import FEATURES, LABEL, Split, features_of, fit_scaler
from fraud_pipeline.train import autoencoder
from fraud_pipeline.train.detector import Floats
from fraud_pipeline.train.evaluation import Evaluation, evaluate
from fraud_pipeline.train.fit import Progress, fit_mixture, usable_rows
from fraud_pipeline.train.settings import USUAL, FitSettings, TrainSettings

ORIGINAL_FEATURES: tuple[str, ...] = ("TIME", *FEATURES)
"""The 30 inputs of the demo of 2019."""


@dataclass(frozen=True)
class Parts:
    """Standardised features (rows, d) of payments to train on, to validate on and to score."""

    train: Floats
    validation: Floats
    test: Floats


Baseline = Callable[[Parts, int], Floats]
"""From standardised features and a seed to the scores of the test rows, the higher the more unusual."""


def original(parts: Parts, seed: int) -> Floats:
    """The autoencoder of the demo of 2019, scored by the mean squared error of its reconstruction."""
    keras().utils.set_random_seed(seed)
    model = autoencoder.original_autoencoder(parts.train.shape[1])
    autoencoder.fit(model, parts.train, parts.validation, FitSettings())
    return np.square(parts.test - autoencoder.reconstruct(model, parts.test)).mean(axis=1)


def isolation_forest(parts: Parts, seed: int) -> Floats:
    """How few random cuts set a payment apart (Liu, Ting and Zhou, "Isolation Forest", ICDM 2008)."""
    return -IsolationForest(n_estimators=200, random_state=seed).fit(parts.train).score_samples(parts.test)


def principal_components(parts: Parts, seed: int) -> Floats:
    """Squared error of a reconstruction from the components that explain 90 % of the variance."""
    pca = PCA(0.9, random_state=seed).fit(parts.train)
    return np.square(parts.test - pca.inverse_transform(pca.transform(parts.test))).sum(axis=1)


def mahalanobis(parts: Parts, seed: int) -> Floats:
    """Squared distance from the mean, measured by the covariance matrix; nothing in it is random."""
    return EmpiricalCovariance().fit(parts.train).mahalanobis(parts.test)


def gaussian_mixture(parts: Parts, seed: int) -> Floats:
    """Negative log density under one mixture of 16 Gaussians, fitted to the payments themselves."""
    return fit_mixture(parts.train, components=16, seed=seed).surprise(parts.test)


BASELINES: Mapping[str, tuple[Baseline, tuple[str, ...]]] = {
    "original_autoencoder": (original, ORIGINAL_FEATURES),
    "isolation_forest": (isolation_forest, FEATURES),
    "pca": (principal_components, FEATURES),
    "mahalanobis": (mahalanobis, FEATURES),
    "gaussian_mixture": (gaussian_mixture, FEATURES),
}
"""Each baseline by name, with the columns that it sees."""


@dataclass(frozen=True)
class BaselineResult:
    """Figures of one baseline on the test rows, and the scores (n,) they come from."""

    evaluation: Evaluation
    scores: Floats


def compare(
    split: Split,
    settings: TrainSettings = USUAL,
    on_progress: Progress = lambda what, share: None,
    names: Sequence[str] = tuple(BASELINES),
) -> dict[str, BaselineResult]:
    """Train the baselines ``names`` on the same rows of ``split`` as the detector; evaluate each on the test rows."""
    results = {}
    with threadpool_limits(1, user_api="blas"):
        for number, name in enumerate(names):
            baseline, columns = BASELINES[name]
            on_progress(name.replace("_", " "), number / len(names))
            scores = baseline(_standardised(split, columns, settings), settings.seed)
            results[name] = BaselineResult(evaluate(scores, split.test[LABEL].to_numpy()), scores)
    on_progress("baselines", 1.0)
    return results


def _standardised(split: Split, columns: tuple[str, ...], settings: TrainSettings) -> Parts:
    frames = (usable_rows(split.train, settings), usable_rows(split.validation, settings), split.test)
    train, validation, test = (features_of(frame, columns) for frame in frames)
    scaler = fit_scaler(train)
    return Parts(scaler.transform(train), scaler.transform(validation), scaler.transform(test))

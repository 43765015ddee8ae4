"""The whole training: an ensemble of autoencoders, the density of their residuals, the threshold."""

from __future__ import annotations

import platform
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from fraud_pipeline.errors import PipelineError
from fraud_pipeline.keras_setup import keras, tensorflow
from fraud_pipeline.prepare import FEATURES, LABEL, Split, features_of, fit_scaler
from fraud_pipeline.train import autoencoder
from fraud_pipeline.train.autoencoder import History
from fraud_pipeline.train.bundle import QUANTILES, Bundle, TrainingFacts, content_version
from fraud_pipeline.train.detector import Detector, Floats, Member, Mixture, Scaler, signed_log
from fraud_pipeline.train.evaluation import Curves, Evaluation, curves, evaluate
from fraud_pipeline.train.settings import USUAL, TrainSettings

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of the whole that is done, 0 to 1."""


class TrainError(PipelineError):
    """There is not enough to train on; the message says what is missing."""


@dataclass(frozen=True)
class ErrorsByClass:
    """Reconstruction errors of test payments: mean squared error on scaled features, one array a class."""

    normal: Floats
    fraud: Floats


@dataclass(frozen=True)
class TrainedDetector:
    """A bundle to be saved, and what a report shows of its training and of the test payments.

    ``histories`` holds one history for each member; ``curves`` is ``None`` where the test rows hold one class only.
    """

    bundle: Bundle
    evaluation: Evaluation
    curves: Curves | None
    errors: ErrorsByClass
    histories: tuple[History, ...]


def train(
    split: Split,
    settings: TrainSettings = USUAL,
    on_progress: Progress = lambda what, share: None,
    log_dir: Path | None = None,
) -> TrainedDetector:
    """Train the detector on the first part of ``split``, set its threshold on the second, try it on the third.

    Each member is a denoising autoencoder of its own seed. What it cannot explain of a payment, the residual, is
    scored by a Gaussian mixture of the residuals of normal payments; a payment's score is the mean negative log
    density over the members. With ``log_dir`` each member's checkpoint and TensorBoard logs are kept there.
    Raises :class:`TrainError`.
    """
    with threadpool_limits(1, user_api="blas"):  # matrices this small are slower on two threads
        return _train(split, settings, on_progress, log_dir)


def _train(split: Split, settings: TrainSettings, on_progress: Progress, log_dir: Path | None) -> TrainedDetector:
    started = time.monotonic()
    usable, held_out = (features_of(usable_rows(part, settings)) for part in (split.train, split.validation))
    scaler = _fit_scaler(usable)
    inputs, validation_inputs = scaler.transform(usable), scaler.transform(held_out)
    members, histories = [], []
    for number in range(settings.members):
        report = _member_progress(on_progress, number, settings.members)
        logs = log_dir / f"member-{number}" if log_dir else None
        member, history = _fit_member(inputs, validation_inputs, settings, number, logs, report)
        members.append(member)
        histories.append(history)
    detector = _with_threshold(Detector(FEATURES, scaler, tuple(members), 0.0, ""), held_out, settings)
    test_features, labels = features_of(split.test), split.test[LABEL].to_numpy()
    test_scores = detector.score(test_features)
    errors = detector.reconstruction_errors(test_features)
    evaluation = evaluate(test_scores, labels)
    facts = TrainingFacts(
        trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
        rows=len(usable),
        seconds=time.monotonic() - started,
        seed=settings.seed,
        settings=asdict(settings),
        metrics=asdict(evaluation),
        versions=library_versions(),
    )
    return TrainedDetector(
        bundle=Bundle(detector, facts, np.quantile(detector.score(usable), QUANTILES)),
        evaluation=evaluation,
        curves=curves(test_scores, labels),
        errors=ErrorsByClass(errors[labels == 0], errors[labels == 1]),
        histories=tuple(histories),
    )


def threshold_for(scores: Floats, alerts_per_10k: float) -> float:
    """The score that ``alerts_per_10k`` of 10,000 payments exceed, judged by ``scores`` (n,) of payments."""
    return float(np.quantile(scores, 1 - alerts_per_10k / 10_000))


def library_versions() -> Mapping[str, str]:
    """Versions of Python and of the libraries that decide the outcome of a training."""
    libraries = {"numpy": np, "scikit-learn": sklearn, "keras": keras(), "tensorflow": tensorflow()}
    return {"python": platform.python_version(), **{name: lib.__version__ for name, lib in libraries.items()}}


def usable_rows(part: pd.DataFrame, settings: TrainSettings) -> pd.DataFrame:
    """The payments of ``part`` that ``settings.rows`` lets training see. Raises :class:`TrainError` for too few."""
    usable = part if settings.rows == "all" else part[part[LABEL] != 1]
    enough = 20 * settings.components
    if len(usable) < enough:
        raise TrainError(f"{len(usable)} payments to train or validate on are too few; at least {enough} are needed.")
    return usable


def _fit_scaler(features: Floats) -> Scaler:
    fitted = fit_scaler(signed_log(features))
    return Scaler(fitted.mean_, fitted.scale_)


def _member_progress(on_progress: Progress, number: int, members: int) -> Callable[[float], None]:
    return lambda share: on_progress(f"autoencoder {number + 1} of {members}", (number + share) / members)


def _fit_member(
    inputs: Floats,
    validation: Floats,
    settings: TrainSettings,
    number: int,
    log_dir: Path | None,
    report: Callable[[float], None],
) -> tuple[Member, History]:
    seed = 1000 * settings.seed + number
    keras().utils.set_random_seed(seed)
    model = autoencoder.denoising_autoencoder(inputs.shape[1], settings.hidden, settings.code, settings.noise)
    history = autoencoder.fit(
        model, inputs, validation, settings.fit, log_dir, lambda epoch: report(epoch / settings.fit.epochs / 2)
    )
    report(0.5)
    exported = autoencoder.export(model)
    density = fit_mixture(inputs - exported.reconstruct(inputs), settings.components, seed)
    report(1.0)
    return Member(exported, density), history


def fit_mixture(points: Floats, components: int, seed: int) -> Mixture:
    """The density of ``points`` (n, f) as a mixture of ``components`` Gaussians with full covariances.

    The points are whitened first (rotated and stretched to a covariance of 1), so that one floor for the
    variances suits all directions; scoring does both steps with one matrix.
    """
    whitening = PCA(whiten=True).fit(points)
    scales = np.sqrt(whitening.explained_variance_ + 1e-4)
    turn = whitening.components_.T / scales
    mixture = GaussianMixture(
        components, reg_covar=1e-3, max_iter=40, tol=1e-2, init_params="k-means++", random_state=seed
    )
    with warnings.catch_warnings():  # a mixture that could still gain a little is good enough
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit((points - whitening.mean_) @ turn)
    factors = turn @ mixture.precisions_cholesky_
    log_volumes = np.log(np.diagonal(mixture.precisions_cholesky_, axis1=1, axis2=2)).sum(axis=1) - np.log(scales).sum()
    constants = np.log(mixture.weights_) + log_volumes - 0.5 * points.shape[1] * np.log(2 * np.pi)
    centres = whitening.mean_ @ turn + mixture.means_
    return Mixture(constants, np.einsum("kf,kfg->kg", centres, mixture.precisions_cholesky_), factors)


def _with_threshold(detector: Detector, validation: Floats, settings: TrainSettings) -> Detector:
    chosen = replace(detector, threshold=threshold_for(detector.score(validation), settings.alerts_per_10k))
    return replace(chosen, version=content_version(chosen))

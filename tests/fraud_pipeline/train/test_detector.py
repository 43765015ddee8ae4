from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from fraud_pipeline.prepare import Split, features_of
from fraud_pipeline.train.detector import Mixture, signed_log
from fraud_pipeline.train.fit import TrainedDetector, fit_mixture


def test_a_mixture_of_one_gaussian_is_that_gaussian() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(5000, 3)) @ rng.normal(size=(3, 3)) + [1.0, 2.0, 3.0]
    mixture = fit_mixture(points, components=1, seed=0)
    gaussian = multivariate_normal(points.mean(axis=0), np.cov(points.T))
    np.testing.assert_allclose(mixture.surprise(points[:50]), -gaussian.logpdf(points[:50]), rtol=0.01)


def test_a_mixture_weighs_its_gaussians() -> None:
    constants = np.log([0.25, 0.75]) - 0.5 * np.log(2 * np.pi)
    mixture = Mixture(constants, np.array([[0.0], [4.0]]), np.ones((2, 1, 1)))
    expected = 0.25 * np.exp(-0.5) / np.sqrt(2 * np.pi) + 0.75 * np.exp(-4.5) / np.sqrt(2 * np.pi)
    np.testing.assert_allclose(mixture.surprise(np.array([[1.0]])), -np.log(expected))


def test_the_signed_log_is_odd_and_keeps_small_values() -> None:
    values = np.array([-np.e + 1, -1e-9, 0.0, 1e-9, np.e - 1])
    np.testing.assert_allclose(signed_log(values), [-1.0, -1e-9, 0.0, 1e-9, 1.0], atol=1e-15)


def test_frauds_score_higher_than_normal_payments(trained: TrainedDetector, split: Split) -> None:
    detector = trained.bundle.detector
    scores, labels = detector.score(features_of(split.test)), split.test["CLASS"] == 1
    assert np.median(scores[labels]) > np.quantile(scores[~labels], 0.99)


@pytest.mark.parametrize("rows", [0, 1, 127, 128, 129, 500])
def test_a_score_does_not_depend_on_the_batch(trained: TrainedDetector, split: Split, rows: int) -> None:
    features = features_of(split.test)[:rows]
    one_by_one = [trained.bundle.score(row[None])[0] for row in features]
    np.testing.assert_allclose(trained.bundle.score(features), one_by_one, rtol=1e-9)


@pytest.mark.parametrize("shape", [(29,), (3, 30), (2, 3, 29)])
def test_features_of_another_shape_are_refused(trained: TrainedDetector, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="this detector takes"):
        trained.bundle.score(np.zeros(shape))


def test_scoring_needs_neither_tensorflow_nor_scikit_learn() -> None:
    code = (
        "import sys, fraud_pipeline.train.bundle;"
        "sys.exit(bool({'tensorflow', 'keras', 'sklearn', 'pandas'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

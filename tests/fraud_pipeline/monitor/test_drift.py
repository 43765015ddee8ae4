"""Drift is nought where nothing has moved, and grows with the distance."""

from __future__ import annotations

import numpy as np
import pytest

from fraud_pipeline.monitor.drift import score_drift

TRAINING = np.random.default_rng(1).lognormal(2, 0.5, 20_000)
QUANTILES = np.quantile(TRAINING, np.linspace(0, 1, 1001))


def test_scores_as_in_training_have_no_drift() -> None:
    drift = score_drift(np.random.default_rng(2).lognormal(2, 0.5, 5_000), QUANTILES)
    assert drift is not None
    assert drift.shares == pytest.approx(np.full(10, 0.1), abs=0.02)
    assert drift.psi < 0.01
    assert drift.ks < 0.03
    assert drift.ks_pvalue > 0.01


def test_moved_scores_have_drift_that_grows() -> None:
    drifts = [score_drift(TRAINING * factor, QUANTILES) for factor in (1.0, 1.2, 2.0)]
    assert all(drifts)
    psi = [drift.psi for drift in drifts if drift]
    ks = [drift.ks for drift in drifts if drift]
    assert psi == sorted(psi)
    assert psi[2] > 0.25
    assert ks == sorted(ks)


def test_psi_is_the_sum_over_the_tenths() -> None:
    quantiles = np.linspace(0, 1, 11)
    scores = np.concatenate([np.full(5, 0.05), np.full(5, 0.95)])  # half in the first tenth, half in the last
    drift = score_drift(scores, quantiles)
    assert drift is not None
    assert drift.shares.tolist() == [0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0.5]
    expected = 2 * 0.4 * np.log(5) + 8 * (1e-4 - 0.1) * np.log(1e-4 / 0.1)
    assert drift.psi == pytest.approx(expected)
    assert drift.ks == pytest.approx(0.45)


def test_scores_outside_of_training_fall_into_the_outer_tenths() -> None:
    drift = score_drift(np.array([-100.0, 1e6]), QUANTILES)
    assert drift is not None
    assert (drift.shares[0], drift.shares[9]) == (0.5, 0.5)


def test_without_scores_there_is_no_drift_to_speak_of() -> None:
    assert score_drift(np.array([]), QUANTILES) is None

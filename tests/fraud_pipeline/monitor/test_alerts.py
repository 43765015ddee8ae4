"""Precision and recall of alerts, where there is something to divide by."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fraud_pipeline.monitor.alerts import alert_quality

SCORES = np.array([5.0, 4.0, 3.0, 2.0, 1.0])


def test_precision_and_recall_count_alerts_above_the_threshold() -> None:
    quality = alert_quality(np.array([1.0, 0, 1, 1, 0]), SCORES, threshold=2.5)
    assert (quality.alerts, quality.frauds) == (3, 3)
    assert quality.precision == pytest.approx(2 / 3)
    assert quality.recall == pytest.approx(2 / 3)


def test_a_score_at_the_threshold_is_no_alert() -> None:
    assert alert_quality(np.array([1.0, 0, 0, 0, 0]), SCORES, threshold=5.0).alerts == 0


def test_unknown_labels_are_left_out() -> None:
    quality = alert_quality(np.array([math.nan, 0, 1, 0, 0]), SCORES, threshold=2.5)
    assert quality.alerts == 2
    assert quality.precision == pytest.approx(1 / 2)


def test_precision_is_weighted_to_the_share_of_frauds() -> None:
    labels = np.array([1.0, 0, 0, 0, 0])
    # One fraud among four normal payments, weighted to one in a hundred: the fraud weighs 4/99.
    quality = alert_quality(labels, SCORES, threshold=3.5, fraud_share=0.01)
    assert quality.precision == pytest.approx((4 / 99) / (4 / 99 + 1))


@pytest.mark.parametrize("labels", [np.full(5, math.nan), np.zeros(5), np.array([])])
def test_without_frauds_there_is_no_recall(labels: np.ndarray) -> None:
    assert alert_quality(labels, SCORES[: len(labels)], threshold=9.0).recall is None
    assert alert_quality(labels, SCORES[: len(labels)], threshold=9.0).precision is None

from __future__ import annotations

import numpy as np
import pytest

from fraud_pipeline.train.evaluation import FRAUD_SHARE, Evaluation, class_weights, curves, evaluate


def test_a_perfect_ranking_has_full_marks() -> None:
    result = evaluate([0.1, 0.2, 0.3, 0.9], [0, 0, 0, 1])
    assert result == Evaluation(1.0, pytest.approx(1.0), 1.0)


def test_a_ranking_by_chance_has_the_share_of_frauds_as_its_auprc() -> None:
    labels = np.repeat([0, 1], [1000, 1000])
    result = evaluate(np.zeros(2000), labels)
    assert result.auroc == pytest.approx(0.5)
    assert result.auprc == pytest.approx(FRAUD_SHARE)
    assert result.auprc_unweighted == pytest.approx(0.5)


def test_one_false_alarm_above_the_frauds_counts_as_many_payments_as_it_stands_for() -> None:
    # One of 100 normal payments scores highest: at a share of 0.173 % it stands for 0.99827 / 100 of all payments.
    labels = np.array([0] * 100 + [1] * 10)
    scores = np.concatenate([[9.0], np.zeros(99), np.ones(10)])
    assert evaluate(scores, labels).auprc == pytest.approx(FRAUD_SHARE / (FRAUD_SHARE + (1 - FRAUD_SHARE) / 100))


@pytest.mark.parametrize("labels", [[0, 0, 0], [1, 1, 1], [np.nan, np.nan, np.nan], [0, np.nan, 0]])
def test_without_both_classes_there_is_nothing_to_rank(labels: list[float]) -> None:
    assert evaluate([1.0, 2.0, 3.0], labels) == Evaluation(None, None, None)
    assert curves([1.0, 2.0, 3.0], labels) is None


def test_payments_without_a_label_are_left_out() -> None:
    assert evaluate([1.0, 2.0, 99.0], [0, 1, np.nan]) == evaluate([1.0, 2.0], [0, 1])


def test_class_weights_add_up_to_the_share_of_frauds() -> None:
    labels = np.array([0, 1, 1, 0, 0])
    weights = class_weights(labels)
    assert weights.sum() == pytest.approx(1.0)
    assert weights[labels == 1].sum() == pytest.approx(FRAUD_SHARE)


def test_the_curves_span_the_whole_of_both_axes() -> None:
    result = curves([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    assert result is not None
    assert (result.false_positive_rate[0], result.true_positive_rate[-1]) == (0.0, 1.0)
    assert sorted((result.recall[0], result.recall[-1])) == [0.0, 1.0]
    assert len(result.recall) == len(result.precision)

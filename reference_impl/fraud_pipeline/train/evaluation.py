"""How good a ranking of payments is, in figures that can be compared with the full data set's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

Floats = NDArray[np.float64]

FRAUD_SHARE = 0.00173
"""Share of frauds among the 284,807 payments of the full Kaggle/ULB data set (492 frauds)."""


@dataclass(frozen=True)
class Evaluation:
    """Figures of one ranking; ``None`` where the rows hold one class only, so that there is nothing to rank.

    ``auroc`` is the chance that a fraud scores above a normal payment. ``auprc`` is the average precision with the
    classes weighted to :data:`FRAUD_SHARE`, ``auprc_unweighted`` the same with the rows as they are.
    """

    auroc: float | None
    auprc: float | None
    auprc_unweighted: float | None


@dataclass(frozen=True)
class Curves:
    """ROC (``false_positive_rate``, ``true_positive_rate``) and weighted PR curve (``recall``, ``precision``)."""

    false_positive_rate: Floats
    true_positive_rate: Floats
    recall: Floats
    precision: Floats


def evaluate(scores: ArrayLike, labels: ArrayLike) -> Evaluation:
    """Evaluate ``scores`` (n,) against ``labels`` (n,): 1 fraud, 0 normal, anything else not known and left out."""
    scores, labels = _known(scores, labels)
    if len(np.unique(labels)) < 2:
        return Evaluation(None, None, None)
    return Evaluation(
        auroc=float(roc_auc_score(labels, scores)),
        auprc=float(average_precision_score(labels, scores, sample_weight=class_weights(labels))),
        auprc_unweighted=float(average_precision_score(labels, scores)),
    )


def curves(scores: ArrayLike, labels: ArrayLike) -> Curves | None:
    """The curves behind :func:`evaluate`; ``None`` where there is nothing to rank."""
    scores, labels = _known(scores, labels)
    if len(np.unique(labels)) < 2:
        return None
    weights = class_weights(labels)
    false_positives, true_positives, _ = roc_curve(labels, scores)
    precision, recall, _ = precision_recall_curve(labels, scores, sample_weight=weights)
    return Curves(false_positives, true_positives, recall, precision)


def class_weights(labels: NDArray[np.int64], share: float = FRAUD_SHARE) -> Floats:
    """Weights (n,) with which the frauds among ``labels`` make up ``share`` of the whole, whatever their number."""
    frauds = labels == 1
    return np.where(frauds, share / max(frauds.sum(), 1), (1 - share) / max((~frauds).sum(), 1))


def _known(scores: ArrayLike, labels: ArrayLike) -> tuple[Floats, NDArray[np.int64]]:
    scores, labels = np.asarray(scores, np.float64), np.asarray(labels, np.float64)
    known = (labels == 0) | (labels == 1)
    return scores[known], labels[known].astype(np.int64)

"""How good alerts are, at the share of frauds that payments really have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class AlertQuality:
    """Of ``alerts`` alerts, ``precision`` is the share that were frauds, and ``recall`` the share of the
    ``frauds`` that raised one; ``None`` where there is nothing to divide by."""

    alerts: int
    frauds: int
    precision: float | None
    recall: float | None


def alert_quality(labels: Floats, scores: Floats, threshold: float, fraud_share: float | None = None) -> AlertQuality:
    """Quality of alerts at ``threshold``; payments with an unknown label (NaN) are left out. With
    ``fraud_share``, precision is weighted to it."""
    known = ~np.isnan(labels)
    fraud, alerted = labels[known] == 1, scores[known] > threshold
    hits, frauds, alerts = int((fraud & alerted).sum()), int(fraud.sum()), int(alerted.sum())
    weight = 1.0
    if fraud_share is not None and frauds:
        weight = fraud_share / (1 - fraud_share) * int((~fraud).sum()) / frauds
    weighted = hits * weight + (alerts - hits)
    return AlertQuality(
        alerts, frauds, hits * weight / weighted if weighted else None, hits / frauds if frauds else None
    )

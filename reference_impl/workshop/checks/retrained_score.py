"""``weighted_score`` after a training that has lowered the threshold."""

from __future__ import annotations

from workshop.checks.weighted_score import fraud_score

__all__ = ["fraud_score", "fraud_threshold"]


def fraud_threshold() -> float:
    """The score above which a payment raises an alert."""
    return 20.0

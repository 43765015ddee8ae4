"""Functions for SQL whose results can be worked out by hand: what a check's statements call in a detector's place."""

from __future__ import annotations

__all__ = ["fraud_score", "fraud_threshold"]

_WEIGHTS = (1.0, 2.0, 4.0, 8.0)


def fraud_score(features: list[float]) -> float:
    """The sum of four features times 1, 2, 4 and 8. Raises ``ValueError`` where one is null or there are not four."""
    if len(features) != len(_WEIGHTS) or None in features:
        raise ValueError(f"expected {len(_WEIGHTS)} numbers, not {features}")
    return sum(weight * feature for weight, feature in zip(_WEIGHTS, features, strict=True))


def fraud_threshold() -> float:
    """The score above which a payment raises an alert."""
    return 50.0

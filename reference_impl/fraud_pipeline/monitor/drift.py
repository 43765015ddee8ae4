"""Whether scores are distributed as they were in training.

A fraud detector has no quick feedback: labels come weeks later, when cardholders complain. The distribution of
its scores is there at once, and moves when customers, merchants or the input change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

_BINS = 10
_LEAST_SHARE = 1e-4  # an empty bin counts as this much, or its logarithm would be infinite


@dataclass(frozen=True)
class Drift:
    """How far scores have moved from those of training.

    ``shares`` ``(10,)`` are the shares of scores between the deciles of training; without drift each is 0.1.
    ``psi`` is the population stability index over them; below 0.1 is usually read as stable, above 0.25 as a
    change that wants a look. ``ks`` is the largest distance between the two cumulative distributions (0 to 1),
    ``ks_pvalue`` the chance of one as large without any drift: with many payments even a harmless one is
    significant, so read ``ks`` itself.
    """

    shares: Floats
    psi: float
    ks: float
    ks_pvalue: float


def score_drift(scores: Floats, quantiles: Floats) -> Drift | None:
    """Drift of ``scores`` ``(n,)`` against evenly spaced ``quantiles`` ``(q,)`` of training scores, from their
    minimum to their maximum. ``None`` without scores.

    PSI after Siddiqi, Credit Risk Scorecards (2006): the sum over bins of (new − old) · ln(new / old).
    """
    if len(scores) == 0:
        return None
    levels = np.linspace(0, 1, len(quantiles))
    inner = np.interp(np.linspace(0, 1, _BINS + 1)[1:-1], levels, quantiles)
    shares = np.bincount(np.searchsorted(inner, scores, side="right"), minlength=_BINS) / len(scores)
    expected = np.full(_BINS, 1 / _BINS)
    floored = np.maximum(shares, _LEAST_SHARE)
    psi = float(np.sum((floored - expected) * np.log(floored / expected)))
    test = stats.kstest(scores, lambda values: np.interp(values, quantiles, levels, left=0.0, right=1.0))
    return Drift(shares, psi, float(test.statistic), float(test.pvalue))

"""What the scorer asks of a model: the bundle that training writes has this shape, and so has the small one here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Detector(Protocol):
    """An anomaly detector that is ready to score."""

    @property
    def columns(self) -> Sequence[str]:
        """Names of the d columns that :meth:`score` takes, in order; case does not matter."""

    @property
    def threshold(self) -> float:
        """Scores above it raise an alert."""

    @property
    def version(self) -> str:
        """Names the model in every score that it gave."""

    def score(self, features: Floats, /) -> Floats:
        """Anomaly scores ``(n,)`` of the rows of ``features`` ``(n, d)``; the higher, the more unusual."""


@dataclass(frozen=True)
class PcaDetector:
    """A detector of a few lines: how far a payment lies from the plane in which normal ones lie.

    ``mean`` and ``scale`` ``(d,)`` standardise, the rows of ``components`` ``(k, d)`` are the principal components that
    span the plane. The score is the squared distance from it.
    """

    columns: tuple[str, ...]
    mean: Floats
    scale: Floats
    components: Floats
    threshold: float
    version: str = "pca-1"

    def score(self, features: Floats, /) -> Floats:
        """Squared distances ``(n,)`` of the rows of ``features`` ``(n, d)``."""
        standard = (features - self.mean) / self.scale
        beside = standard - standard @ self.components.T @ self.components
        return np.asarray(np.square(beside).sum(axis=1))

    @classmethod
    def fit(cls, columns: Sequence[str], features: Floats, kept: int, alert_share: float) -> PcaDetector:
        """From normal payments ``(n, d)``: ``kept`` components, and an alert for ``alert_share`` of these payments."""
        mean, scale = features.mean(axis=0), features.std(axis=0)
        components = np.linalg.svd((features - mean) / scale, full_matrices=False)[2][:kept]
        unset = cls(tuple(columns), mean, scale, components, threshold=np.inf)
        return replace(unset, threshold=float(np.quantile(unset.score(features), 1 - alert_share)))

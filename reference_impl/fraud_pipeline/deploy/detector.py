"""What the scorer asks of a model: the bundle that training writes has this shape, and so has a test's."""

from __future__ import annotations

from collections.abc import Sequence
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

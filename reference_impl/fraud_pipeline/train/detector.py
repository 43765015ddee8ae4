"""Scores payments in NumPy with what was learnt in Keras: no TensorFlow where payments have to be fast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_BLOCK = 64
"""Rows scored at a time: the intermediate arrays stay in the processor's cache."""


def signed_log(features: Floats) -> Floats:
    """``sign(x) * log(1 + |x|)``: leaves small values as they are and draws in the long tails of payments."""
    return np.sign(features) * np.log1p(np.abs(features))


@dataclass(frozen=True)
class Scaler:
    """Signed logarithm, then standardisation: ``(signed_log(x) - mean) / scale``, both of shape (d,)."""

    mean: Floats
    scale: Floats

    def transform(self, features: Floats) -> Floats:
        """Scaled features, shape (n, d)."""
        return (signed_log(features) - self.mean) / self.scale


@dataclass(frozen=True)
class Autoencoder:
    """The dense layers of a trained Keras autoencoder, in order, as pairs of kernel (in, out) and bias (out,).

    The activation is ReLU after each layer but two: the code in the middle and the reconstruction at the end.
    """

    layers: tuple[tuple[Floats, Floats], ...]

    def reconstruct(self, inputs: Floats) -> Floats:
        """Reconstruction (n, d) of scaled ``inputs`` (n, d)."""
        linear = (len(self.layers) // 2 - 1, len(self.layers) - 1)
        hidden = inputs
        for index, (kernel, bias) in enumerate(self.layers):
            hidden = hidden @ kernel + bias
            if index not in linear:
                np.maximum(hidden, 0.0, out=hidden)
        return hidden


@dataclass(frozen=True)
class Mixture:
    r"""A density of points in f dimensions: the sum of k Gaussians, each around a place of its own.

    Gaussian j is kept as what scoring needs of it, a matrix ``factors[j]`` (f, f), an ``offsets[j]`` (f,) and
    ``constants[j]``: the log of its weighted density at x is
    :math:`c_j - \frac12 \lVert x F_j - o_j \rVert^2`.
    """

    constants: Floats
    offsets: Floats
    factors: Floats

    def surprise(self, points: Floats) -> Floats:
        """Negative log density (n,) at ``points`` (n, f)."""
        whitened = (points @ self._side_by_side).reshape(-1, *self.offsets.shape) - self.offsets
        log_densities = self.constants - 0.5 * np.einsum("nkf,nkf->nk", whitened, whitened)
        highest = log_densities.max(axis=1)
        return -(highest + np.log(np.exp(log_densities - highest[:, None]).sum(axis=1)))

    @cached_property
    def _side_by_side(self) -> Floats:
        """All factors in one matrix (f, k * f), for one product instead of k."""
        return np.hstack(list(self.factors))


@dataclass(frozen=True)
class Member:
    """One autoencoder of the ensemble, and the density of its residuals on normal payments."""

    autoencoder: Autoencoder
    density: Mixture

    def surprise(self, inputs: Floats) -> Floats:
        """Negative log density (n,) of the residual of scaled ``inputs`` (n, d)."""
        return self.density.surprise(inputs - self.autoencoder.reconstruct(inputs))


@dataclass(frozen=True)
class Detector:
    """An ensemble that is ready to score payments.

    ``columns`` are the d features in order, ``threshold`` the score above which an alert is raised, and
    ``version`` names the model in every score that it gives.
    """

    columns: tuple[str, ...]
    scaler: Scaler
    members: tuple[Member, ...]
    threshold: float
    version: str

    def score(self, features: Floats, /) -> Floats:
        """Anomaly scores (n,): negative log density, mean over the members. The higher, the more unusual.

        ``features`` has shape (n, d), not scaled. Raises ``ValueError`` for another shape.
        """
        return self._by_block(features, self._score_block)

    def reconstruction_errors(self, features: Floats) -> Floats:
        """Mean squared error (n,) between scaled ``features`` (n, d) and their reconstructions, over the members."""
        return self._by_block(features, self._errors_block)

    def _score_block(self, inputs: Floats) -> Floats:
        return np.mean([member.surprise(inputs) for member in self.members], axis=0)

    def _errors_block(self, inputs: Floats) -> Floats:
        errors = [inputs - member.autoencoder.reconstruct(inputs) for member in self.members]
        return np.mean(np.square(errors), axis=(0, 2))

    def _by_block(self, features: Floats, function: Callable[[Floats], Floats]) -> Floats:
        features = np.asarray(features, np.float64)
        if features.ndim != 2 or features.shape[1] != len(self.columns):
            raise ValueError(
                f"features have shape {features.shape}; this detector takes (n, {len(self.columns)}): "
                f"{', '.join(self.columns)}"
            )
        result = np.empty(len(features))
        for first in range(0, len(features), _BLOCK):
            block = slice(first, first + _BLOCK)
            result[block] = function(self.scaler.transform(features[block]))
        return result

"""Bundles for tests in which it does not matter what a detector thinks, only that two programs think the same."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from fraud_pipeline.train.bundle import Bundle, TrainingFacts, content_version
from fraud_pipeline.train.detector import Autoencoder, Detector, Member, Mixture, Scaler


def made_up_bundle(rng: np.random.Generator, columns: Sequence[str], members: int = 1) -> Bundle:
    """A detector with random weights for ``columns``; its threshold is 1.5."""
    width = len(columns)
    scaler = Scaler(np.zeros(width), np.ones(width))
    parts = tuple(_member(rng, width) for _ in range(members))
    unnamed = Detector(tuple(columns), scaler, parts, 1.5, "")
    named = Detector(unnamed.columns, scaler, parts, 1.5, content_version(unnamed))
    return Bundle(named, TrainingFacts("2026-01-01T00:00:00Z", 1, 1.0, 0), np.zeros(1001))


def _member(rng: np.random.Generator, width: int, code: int = 3) -> Member:
    sizes = [width, 8, code, 8, width]
    layers = tuple((rng.normal(size=(a, b)) / 3, rng.normal(size=b) / 3) for a, b in itertools.pairwise(sizes))
    density = Mixture(rng.normal(size=2), rng.normal(size=(2, width)), rng.normal(size=(2, width, width)) / 3)
    return Member(Autoencoder(layers), density)

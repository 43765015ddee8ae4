"""The detector as functions of SQL: ``FRAUD_SCORE(ARRAY[V1, …])`` and ``FRAUD_THRESHOLD()``.

``pocket-ksql server --udf fraud_pipeline.deploy.sql_functions`` offers them; they are plain Python otherwise. The
score takes many payments at once, one a row: a query calls it once for each batch that it reads. The
environment variable ``FRAUD_BUNDLE`` names the folder that training has written. It may come, or be replaced, while
the server runs: the next payment is scored with what is there then.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from fraud_pipeline.train.bundle import MANIFEST, Bundle, BundleError, load_bundle

__all__ = ["fraud_score", "fraud_threshold"]

BUNDLE = "FRAUD_BUNDLE"


def fraud_score(
    features: Annotated[NDArray[np.float64], "ARRAY<DOUBLE>"],
) -> Annotated[NDArray[np.float64], "DOUBLE"]:
    """How unusual a payment is: the detector's columns, in their order, to its score; the higher, the more."""
    bundle = _bundle()
    expected = len(bundle.columns)
    if features.shape[1:] != (expected,):
        raise ValueError(f"expected {', '.join(bundle.columns)}: {expected} values, not {features.shape[-1]}")
    return bundle.score(features)


def fraud_threshold() -> float:
    """The score above which a payment raises an alert."""
    return float(_bundle().threshold)


def _bundle() -> Bundle:
    folder = os.environ.get(BUNDLE)
    if folder is None:
        raise BundleError(f"Name the folder with the trained detector in the environment variable {BUNDLE}.")
    try:
        written = (Path(folder) / MANIFEST).stat().st_mtime_ns
    except OSError:
        written = 0  # loading says what is missing
    return _loaded(folder, written)


@lru_cache(maxsize=1)
def _loaded(folder: str, _written: int) -> Bundle:
    return load_bundle(folder)

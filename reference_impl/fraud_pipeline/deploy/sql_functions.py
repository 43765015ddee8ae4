"""The detector as functions of SQL: ``FRAUD_SCORE(ARRAY[V1, …])`` and ``FRAUD_THRESHOLD()``.

``pocket-ksql server --udf fraud_pipeline.deploy.sql_functions`` offers them; they are plain Python otherwise. The
environment variable ``FRAUD_BUNDLE`` names the folder that training has written. It may come, or be replaced, while
the server runs: the next payment is scored with what is there then.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import numpy as np

from fraud_pipeline.train.bundle import MANIFEST, Bundle, BundleError, load_bundle

__all__ = ["fraud_score", "fraud_threshold"]

BUNDLE = "FRAUD_BUNDLE"


def fraud_score(features: list[float]) -> float:
    """How unusual a payment is, by the detector's columns; the higher, the more.

    Raises ``ValueError`` for too few or too many, and for one that is null or not
    finite; a query then writes NULL.
    """
    bundle = _bundle()
    if len(features) != len(bundle.columns):
        raise ValueError(f"expected {', '.join(bundle.columns)}: {len(bundle.columns)} values, not {len(features)}")
    row = np.array([features], dtype=np.float64)
    if not np.isfinite(row).all():  # a null has become NaN
        raise ValueError(f"{bundle.columns[int(np.isfinite(row[0]).argmin())]} is not a finite number")
    return float(bundle.score(row)[0])


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

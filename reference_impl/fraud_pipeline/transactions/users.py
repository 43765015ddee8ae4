"""The card holders: their names, and who made which payment where the data do not say."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

COUNT = 1_000
"""Users in the data that name none, and in synthetic data."""

NAMES = pa.array([f"user_{number:04}" for number in range(COUNT)])


def assign(ids: np.ndarray) -> np.ndarray:
    """A user's index in ``NAMES`` for each payment id, the same at every run.

    A few users pay often and many seldom: the index is ``COUNT · u²`` for a uniform ``u`` hashed from the id by
    the finaliser of SplitMix64 (Steele, Lea and Flood: Fast splittable pseudorandom number generators, 2014).
    """
    with np.errstate(over="ignore"):
        mixed = ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    uniform = (mixed >> np.uint64(11)) / float(1 << 53)
    return (COUNT * uniform**2).astype(np.int64)

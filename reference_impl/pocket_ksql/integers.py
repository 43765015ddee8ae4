"""INTEGER and BIGINT have 32 and 64 bits, and Java's ways with what does not fit."""

from __future__ import annotations

import math
from collections.abc import Callable

from pocket_ksql import types
from pocket_ksql.types import SqlType


def wrap32(value: int) -> int:
    """The INTEGER that a result beyond 32 bits wraps around to."""
    return ((value + 0x80000000) & 0xFFFFFFFF) - 0x80000000


def wrap64(value: int) -> int:
    """The BIGINT that a result beyond 64 bits wraps around to."""
    return ((value + 0x8000000000000000) & 0xFFFFFFFFFFFFFFFF) - 0x8000000000000000


def wrapper(of: SqlType) -> Callable[[int], int]:
    """What brings a computed whole number back into the range of ``of``."""
    return wrap32 if of == types.INTEGER else wrap64


def saturated(value: float, bits: int) -> int:
    """A DOUBLE without its fraction: the nearest number of so many bits, 0 for NaN."""
    if math.isnan(value):
        return 0
    limit = 1 << bits - 1
    return limit - 1 if value >= limit else -limit if value <= -limit else int(value)

"""Rounding: to whole numbers and to decimal places, up, down, to the nearest or towards zero."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable, Sequence
from typing import Any

from pocket_ksql import types
from pocket_ksql.decimals import rescaled
from pocket_ksql.functions.registry import scalar
from pocket_ksql.integers import saturated
from pocket_ksql.types import SqlType

CATEGORY = "MATHEMATICAL"


def _same_type(given: Sequence[SqlType | None]) -> SqlType:
    return given[0] or types.DOUBLE


_SAME = ("(val INT) -> INT", "(val BIGINT) -> BIGINT", "(val DOUBLE) -> DOUBLE")


def _whole(value: Any, rounding: str, quick: Callable[[float], int]) -> Any:
    if isinstance(value, float):
        return math.copysign(quick(value), value) if math.isfinite(value) else value  # Java keeps the sign of a zero
    if isinstance(value, int):
        return value
    return rescaled(rescaled(value, 0, rounding), _scale(value))


def _scale(value: decimal.Decimal) -> int:
    return -int(value.as_tuple().exponent)


@scalar("FLOOR", *_SAME)
@scalar("FLOOR", "(val DECIMAL) -> DECIMAL", returns=_same_type)
def floor(value: Any) -> Any:
    """Returns the largest whole number not greater than its argument."""
    return _whole(value, decimal.ROUND_FLOOR, math.floor)


@scalar("CEIL", *_SAME)
@scalar("CEIL", "(val DECIMAL) -> DECIMAL", returns=_same_type)
def ceil(value: Any) -> Any:
    """Returns the smallest whole number not less than its argument."""
    return _whole(value, decimal.ROUND_CEILING, math.ceil)


@scalar("ROUND", "(val INT) -> BIGINT", "(val BIGINT) -> BIGINT", "(val DOUBLE) -> BIGINT")
def round_whole(value: float) -> int:
    """Rounds to the nearest whole number, halves up."""
    if isinstance(value, int):
        return value
    if not math.isfinite(value):
        return saturated(value, 64)
    whole = math.floor(value)
    return saturated(whole + (value - whole >= 0.5), 64)  # value + 0.5 would be rounded itself


@scalar("ROUND", "(val DOUBLE, decimalPlaces INT) -> DOUBLE")
def round_double(value: float, places: int) -> float:
    """Rounds to decimal places, halves up."""
    return float(_round_decimal(decimal.Decimal(repr(value)), places))


def _has_at_most(places: int, value: decimal.Decimal) -> bool:
    """Whether a number is what it would be with so many decimals."""
    return value.is_finite() and _scale(value) <= places


def _round_decimal(value: decimal.Decimal, places: int) -> decimal.Decimal:
    if _has_at_most(places, value):
        return value
    return rescaled(value, places, decimal.ROUND_HALF_DOWN if value < 0 else decimal.ROUND_HALF_UP)


def _rounded(given: Sequence[SqlType | None]) -> SqlType:
    of = given[0]
    assert isinstance(of, types.Decimal)
    return types.Decimal(max(of.precision - of.scale, 1), 0) if len(given) == 1 else of


@scalar("ROUND", "(val DECIMAL) -> DECIMAL", returns=_rounded)
def round_decimal(value: decimal.Decimal) -> decimal.Decimal:
    """Rounds to the nearest whole number, halves up."""
    return _round_decimal(value, 0)


@scalar("ROUND", "(val DECIMAL, decimalPlaces INT) -> DECIMAL", returns=_rounded)
def round_decimal_places(value: decimal.Decimal, places: int) -> decimal.Decimal:
    """Rounds to decimal places, halves up."""
    return rescaled(_round_decimal(value, places), _scale(value))


def _cut(value: decimal.Decimal, places: int) -> decimal.Decimal:
    if _has_at_most(places, value):
        return value
    return rescaled(value, places, decimal.ROUND_DOWN)


@scalar("TRUNC", "(val DOUBLE) -> BIGINT", "(val INT) -> BIGINT", "(val BIGINT) -> BIGINT")
def trunc(value: float) -> int:
    """Cuts the fraction off."""
    return value if isinstance(value, int) else saturated(value, 64)


@scalar("TRUNC", "(val DOUBLE, decimalPlaces INT) -> DOUBLE")
def trunc_places(value: float, places: int) -> float:
    """Cuts after decimal places."""
    return float(_cut(decimal.Decimal(repr(value)), places))


@scalar("TRUNC", "(val DECIMAL) -> DECIMAL", returns=_rounded)
def trunc_decimal(value: decimal.Decimal) -> decimal.Decimal:
    """Cuts the fraction off."""
    return _cut(value, 0)


@scalar("TRUNC", "(val DECIMAL, decimalPlaces INT) -> DECIMAL", returns=_rounded)
def trunc_decimal_places(value: decimal.Decimal, places: int) -> decimal.Decimal:
    """Cuts after decimal places."""
    return rescaled(_cut(value, places), _scale(value))

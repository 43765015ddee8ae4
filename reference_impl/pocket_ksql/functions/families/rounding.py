"""Rounding: to whole numbers and to decimal places, up, down, to the nearest or towards zero."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable, Sequence
from typing import Any

from pocket_ksql import types
from pocket_ksql.functions.registry import scalar
from pocket_ksql.integers import saturated
from pocket_ksql.types import SqlType

CATEGORY = "MATHEMATICAL"

_CONTEXT = decimal.Context(prec=400)
"""Wide enough for every digit of a DOUBLE."""


def _same_type(given: Sequence[SqlType | None]) -> SqlType:
    return given[0] or types.DOUBLE


_SAME = ("(val INT) -> INT", "(val BIGINT) -> BIGINT", "(val DOUBLE) -> DOUBLE")


def _whole(value: Any, rounding: str, quick: Callable[[float], int]) -> Any:
    if isinstance(value, float):
        return math.copysign(quick(value), value) if math.isfinite(value) else value  # Java keeps the sign of a zero
    if isinstance(value, int):
        return value
    exponent = value.as_tuple().exponent
    return value.to_integral_value(rounding).quantize(decimal.Decimal(1).scaleb(exponent), context=_CONTEXT)


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
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= places


def _round_decimal(value: decimal.Decimal, places: int) -> decimal.Decimal:
    if _has_at_most(places, value):
        return value
    if value < 0:
        return -(-value).quantize(decimal.Decimal(1).scaleb(-places), decimal.ROUND_HALF_DOWN, context=_CONTEXT)
    return value.quantize(decimal.Decimal(1).scaleb(-places), decimal.ROUND_HALF_UP, context=_CONTEXT)


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
    scale = -int(value.as_tuple().exponent)
    return _round_decimal(value, places).quantize(decimal.Decimal(1).scaleb(-scale), context=_CONTEXT)


def _cut(value: decimal.Decimal, places: int) -> decimal.Decimal:
    if _has_at_most(places, value):
        return value
    return value.quantize(decimal.Decimal(1).scaleb(-places), decimal.ROUND_DOWN, context=_CONTEXT)


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
    return _cut(value, places).quantize(decimal.Decimal(1).scaleb(int(value.as_tuple().exponent)), context=_CONTEXT)

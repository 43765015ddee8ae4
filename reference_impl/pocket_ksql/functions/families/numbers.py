"""Mathematical functions, but for those of angles."""

from __future__ import annotations

import math
import random as randoms
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from pocket_ksql import types
from pocket_ksql.functions.registry import scalar
from pocket_ksql.integers import wrap32, wrap64
from pocket_ksql.ordering import order
from pocket_ksql.types import SqlType

CATEGORY = "MATHEMATICAL"
CATEGORIES = {"GEO_DISTANCE": "OTHER"}


def _same_type(given: Sequence[SqlType | None]) -> SqlType:
    return given[0] or types.DOUBLE


@scalar("ABS", "(val INT) -> INT")
def absolute_int(value: int) -> int:
    """Returns the absolute value of its argument."""
    return wrap32(abs(value))


@scalar("ABS", "(val BIGINT) -> BIGINT")
def absolute_bigint(value: int) -> int:
    """Returns the absolute value of its argument."""
    return wrap64(abs(value))


@scalar("ABS", "(val DOUBLE) -> DOUBLE")
def absolute(value: float) -> float:
    """Returns the absolute value of its argument."""
    return abs(value)


@scalar("ABS", "(val DECIMAL) -> DECIMAL", returns=_same_type)
def absolute_decimal(value: Decimal) -> Decimal:
    """Returns the absolute value of its argument."""
    return value.copy_abs()


@scalar("RANDOM", "() -> DOUBLE")
def random() -> float:
    """Returns a random number from 0 to 1."""
    return randoms.random()


DOUBLES = "(value DOUBLE) -> DOUBLE"


def sane(function: Callable[[float], float], value: float) -> float:
    """Java's answer where Python raises: NaN outside the domain, infinity beyond the range."""
    try:
        return function(value)
    except ValueError:
        return math.nan
    except OverflowError:
        return math.inf


@scalar("SQRT", DOUBLES)
def sqrt(value: float) -> float:
    """Returns the square root."""
    return sane(math.sqrt, value)


@scalar("CBRT", DOUBLES)
def cbrt(value: float) -> float:
    """Returns the cube root."""
    root = math.cbrt(value)
    if math.isfinite(root) and round(root) ** 3 == value:  # of a cube the root is exact, whatever the C library says
        return math.copysign(round(root), value)
    return root


@scalar("EXP", DOUBLES)
def exp(value: float) -> float:
    """Returns e to the power of the argument."""
    return sane(math.exp, value)


@scalar("LN", DOUBLES)
def ln(value: float) -> float:
    """Returns the natural logarithm."""
    return -math.inf if value == 0 else sane(math.log, value)


@scalar("LOG", DOUBLES)
def log(value: float) -> float:
    """Returns the natural logarithm."""
    return ln(value)


@scalar("LOG", "(base DOUBLE, value DOUBLE) -> DOUBLE")
def log_base(base: float, value: float) -> float:
    """Returns the logarithm to a base: of 0 it is -Infinity, to no positive base and to 1 it is NaN."""
    if not base > 0 or base == 1:
        return math.nan
    return -math.inf if value == 0 else ln(value) / ln(base)


@scalar("POWER", "(base DOUBLE, exponent DOUBLE) -> DOUBLE")
def power(base: float, exponent: float) -> float:
    """Returns the base to the power of the exponent."""
    odd = exponent % 2 == 1
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and odd else math.inf
    except ValueError:  # 0 to a negative power, or no real number
        return math.copysign(math.inf, base if odd else 1) if base == 0 else math.nan


@scalar("SIGN", "(val INT) -> INT", "(val BIGINT) -> INT", "(val DOUBLE) -> INT")
def sign(value: float) -> int:
    """Returns -1, 0 or 1 by the sign."""
    return (value > 0) - (value < 0)


_KINDS = ("(val1 INT, vals INT...) -> INT", "(val1 BIGINT, vals BIGINT...) -> BIGINT",
          "(val1 DOUBLE, vals DOUBLE...) -> DOUBLE", "(val1 STRING, vals STRING...) -> STRING",
          "(val1 BYTES, vals BYTES...) -> BYTES", "(val1 DATE, vals DATE...) -> DATE",
          "(val1 TIME, vals TIME...) -> TIME", "(val1 TIMESTAMP, vals TIMESTAMP...) -> TIMESTAMP")  # fmt: skip


def _widest(given: Sequence[SqlType | None]) -> SqlType:
    found = types.Decimal(1, 0)
    for of in given:
        if of is not None:
            found = types.wider_decimal(found, types.as_decimal(of))
    return found


_DECIMALS = "(val1 DECIMAL, vals DECIMAL...) -> DECIMAL"


@scalar("GREATEST", *_KINDS, null_in_null_out=False)
@scalar("GREATEST", _DECIMALS, null_in_null_out=False, returns=_widest)
def greatest(*values: Any) -> Any:
    """Returns the largest of its arguments that are not NULL."""
    return max((value for value in values if value is not None), default=None, key=order)


@scalar("LEAST", *_KINDS, null_in_null_out=False)
@scalar("LEAST", _DECIMALS, null_in_null_out=False, returns=_widest)
def least(*values: Any) -> Any:
    """Returns the smallest of its arguments that are not NULL."""
    return min((value for value in values if value is not None), default=None, key=order)


_EARTH_KM, _EARTH_MILES = 6371.0, 3959.0


@scalar("GEO_DISTANCE", "(lat1 DOUBLE, lon1 DOUBLE, lat2 DOUBLE, lon2 DOUBLE) -> DOUBLE",
        "(lat1 DOUBLE, lon1 DOUBLE, lat2 DOUBLE, lon2 DOUBLE, units STRING) -> DOUBLE",
        null_in_null_out=False)  # fmt: skip
def geo_distance(
    lat1: float | None, lon1: float | None, lat2: float | None, lon2: float | None, units: str | None = None
) -> float | None:
    """Returns the great-circle distance of two points, by the haversine formula, in KM or MILES."""
    if lat1 is None or lon1 is None or lat2 is None or lon2 is None:
        return None
    if max(abs(lat1), abs(lat2)) > 90 or max(abs(lon1), abs(lon2)) > 180:
        raise ValueError("valid latitude values are from -90 to 90, longitudes from -180 to 180")
    unit = (units or "KM").upper()
    if unit in ("KM", "KILOMETER", "KILOMETERS", "KILOMETRE", "KILOMETRES"):
        radius = _EARTH_KM
    elif unit in ("MI", "MILE", "MILES"):
        radius = _EARTH_MILES
    else:
        raise ValueError(f"unknown unit of distance: {units}")
    a1, a2 = math.radians(lat1), math.radians(lat2)
    height, width = math.radians(lat2 - lat1), math.radians(lon2 - lon1)
    half = math.sin(height / 2) ** 2 + math.sin(width / 2) ** 2 * math.cos(a1) * math.cos(a2)
    return 2 * radius * math.asin(math.sqrt(half))

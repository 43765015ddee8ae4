"""Functions of angles, in radians, and of hyperbolas."""

from __future__ import annotations

import math

from pocket_ksql.functions.families.numbers import DOUBLES, sane
from pocket_ksql.functions.registry import scalar

CATEGORY = "MATHEMATICAL"


@scalar("PI", "() -> DOUBLE")
def pi() -> float:
    """Returns the number pi."""
    return math.pi


@scalar("DEGREES", DOUBLES)
def degrees(value: float) -> float:
    """Converts radians to degrees."""
    return math.degrees(value)


@scalar("RADIANS", DOUBLES)
def radians(value: float) -> float:
    """Converts degrees to radians."""
    return math.radians(value)


@scalar("SIN", DOUBLES)
def sin(value: float) -> float:
    """Returns the sine of an angle in radians."""
    return sane(math.sin, value)


@scalar("COS", DOUBLES)
def cos(value: float) -> float:
    """Returns the cosine of an angle in radians."""
    return sane(math.cos, value)


@scalar("TAN", DOUBLES)
def tan(value: float) -> float:
    """Returns the tangent of an angle in radians."""
    return sane(math.tan, value)


@scalar("COT", DOUBLES)
def cot(value: float) -> float:
    """Returns the cotangent of an angle in radians."""
    return math.copysign(math.inf, value) if value == 0 else 1 / math.tan(value)


@scalar("ASIN", DOUBLES)
def asin(value: float) -> float:
    """Returns the arc sine."""
    return sane(math.asin, value)


@scalar("ACOS", DOUBLES)
def acos(value: float) -> float:
    """Returns the arc cosine."""
    return sane(math.acos, value)


@scalar("ATAN", DOUBLES)
def atan(value: float) -> float:
    """Returns the arc tangent."""
    return math.atan(value)


@scalar("ATAN2", "(y DOUBLE, x DOUBLE) -> DOUBLE")
def atan2(y: float, x: float) -> float:
    """Returns the angle of the point (x, y)."""
    return math.atan2(y, x)


@scalar("SINH", DOUBLES)
def sinh(value: float) -> float:
    """Returns the hyperbolic sine."""
    return math.copysign(sane(math.sinh, abs(value)), value)


@scalar("COSH", DOUBLES)
def cosh(value: float) -> float:
    """Returns the hyperbolic cosine."""
    return sane(math.cosh, value)


@scalar("TANH", DOUBLES)
def tanh(value: float) -> float:
    """Returns the hyperbolic tangent."""
    return math.tanh(value)

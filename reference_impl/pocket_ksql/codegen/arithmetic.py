"""Arithmetic as SQL on a Java engine does it, where Python's operators differ."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from decimal import Decimal

from pocket_ksql import types
from pocket_ksql.decimals import EXACT, rescaled
from pocket_ksql.types import SqlType


def divide_int(left: int, right: int) -> int:
    """Division that cuts towards zero; by zero it raises ``ZeroDivisionError``."""
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def modulo_int(left: int, right: int) -> int:
    """Remainder with the sign of the dividend."""
    return left - right * divide_int(left, right)


def divide_double(left: float, right: float) -> float:
    """Division that gives infinity or NaN where Python raises."""
    if right == 0:
        if left == 0 or math.isnan(left):
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)
    return left / right


def modulo_double(left: float, right: float) -> float:
    """Remainder with the sign of the dividend, NaN by zero."""
    return math.fmod(left, right) if right and not math.isinf(left) else math.nan


def _modulo_decimal(left: Decimal, right: Decimal) -> Decimal:
    """Remainder with the sign of the dividend; by zero it raises ``ZeroDivisionError``."""
    if not right:
        raise ZeroDivisionError
    return EXACT.remainder(left, right)


def fit_decimal(value: Decimal, precision: int, scale: int) -> Decimal:
    """``value`` rounded half up to ``scale`` decimals; ``ArithmeticError`` if it needs more digits than allowed."""
    if not value.is_finite():
        raise ArithmeticError(f"{value} is no DECIMAL")
    rounded = rescaled(value, scale)
    if rounded.adjusted() + 1 + scale > precision and rounded != 0:
        raise ArithmeticError(
            f"Numeric field overflow: A field with precision {precision} and scale {scale} "
            f"must round to an absolute value less than 10^{precision - scale}. Got {value:f}"
        )
    return rounded


def decimal_result(operator: str, left: types.Decimal, right: types.Decimal) -> types.Decimal:
    """Type of ``left operator right``, by the rules that SQL Server made common."""
    p1, s1, p2, s2 = left.precision, left.scale, right.precision, right.scale
    match operator:
        case "+" | "-":
            scale = max(s1, s2)
            return types.Decimal(max(p1 - s1, p2 - s2) + scale + 1, scale)
        case "*":
            return types.Decimal(p1 + p2 + 1, s1 + s2)
        case "/":
            scale = max(6, s1 + p2 + 1)
            return types.Decimal(p1 - s1 + s2 + scale, scale)
    scale = max(s1, s2)
    return types.Decimal(min(p1 - s1, p2 - s2) + scale, scale)


def decimal_operation(operator: str, result: types.Decimal) -> Callable[[Decimal, Decimal], Decimal]:
    """The function that computes ``left operator right`` with the scale of ``result``."""
    compute = {
        "+": EXACT.add,
        "-": EXACT.subtract,
        "*": EXACT.multiply,
        "/": decimal.Context(prec=result.precision, rounding=decimal.ROUND_HALF_UP).divide,
        "%": _modulo_decimal,
    }[operator]

    def operation(left: Decimal, right: Decimal) -> Decimal:
        return rescaled(compute(left, right), result.scale)

    return operation


def result_type(operator: str, left: SqlType, right: SqlType) -> SqlType:
    """Type of an arithmetic expression on two numeric types."""
    wide = types.common_numeric(left, right)
    if isinstance(wide, types.Decimal):
        return decimal_result(operator, types.as_decimal(left), types.as_decimal(right))
    return wide

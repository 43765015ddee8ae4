"""DECIMAL keeps all of its digits and has no negative zero, as in Java.

Python's own operators and methods round to 28 digits, so computing goes through ``EXACT``.
"""

from __future__ import annotations

import decimal
from decimal import Decimal
from functools import cache

EXACT = decimal.Context(prec=1000, rounding=decimal.ROUND_HALF_UP)
"""Wide enough for every digit of a DECIMAL, and of a DOUBLE written out."""


def rescaled(value: Decimal, scale: int, rounding: str = decimal.ROUND_HALF_UP) -> Decimal:
    """``value`` with exactly ``scale`` decimals. Raises ``decimal.InvalidOperation`` if it is no finite number.

    >>> rescaled(Decimal("2.345"), 2), rescaled(Decimal("-0.04"), 1), rescaled(Decimal("1234"), -2)
    (Decimal('2.35'), Decimal('0.0'), Decimal('1.2E+3'))
    """
    rounded = value.quantize(_unit(scale), rounding, EXACT)
    return rounded if rounded else rounded.copy_abs()


@cache
def _unit(scale: int) -> Decimal:
    return Decimal(1).scaleb(-scale)


def to_bytes(value: Decimal, scale: int) -> bytes:
    """All digits of ``value``, which has ``scale`` decimals, as one whole number in the bytes of Java's BigInteger.

    >>> to_bytes(Decimal("-12.34"), 2).hex()
    'fb2e'
    """
    whole = int(EXACT.scaleb(value, scale))
    return whole.to_bytes((whole + (whole < 0)).bit_length() // 8 + 1, "big", signed=True)


def of_bytes(data: bytes, scale: int) -> Decimal:
    """What `to_bytes` has written; zero if it is empty.

    >>> of_bytes(b"\xfb\x2e", 2)
    Decimal('-12.34')
    """
    return EXACT.scaleb(Decimal(int.from_bytes(data, "big", signed=True)), -scale)

"""Numbers as text in the way that Java writes them, which is what a ksqlDB cluster puts into topics; and JSON read
without a loss."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import orjson


def double_text(value: float) -> str:
    """A DOUBLE as text: ``1.0``, ``1.0E10``, ``NaN``, ``-Infinity``.

    >>> double_text(12345678.0), double_text(0.001), double_text(0.0001), double_text(5e-324)
    ('1.2345678E7', '0.001', '1.0E-4', '4.9E-324')
    """
    size = abs(value)
    if 1e-3 <= size < 1e7 or value == 0:
        return repr(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    shortest = repr(value)
    if "." not in shortest and float(two := f"{value:.1e}") == value:
        shortest = two  # Java writes two digits at least, and the nearest of those that mean the number
    sign, digits, _ = Decimal(shortest).normalize().as_tuple()
    exponent = Decimal(shortest).adjusted()
    mantissa = "".join(map(str, digits))
    return f"{'-' if sign else ''}{mantissa[0]}.{mantissa[1:] or '0'}E{exponent}"


_DOUBLE = re.compile(r"[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)", re.ASCII)
_HEX_DOUBLE = re.compile(
    r"[+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?\d+(?P<type>[fFdD]?)", re.ASCII
)
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")

BLANKS = "".join(map(chr, range(0x21)))
"""What Java trims: the space and the control characters before it, no other white space."""


def read_double(text: str) -> float:
    """A DOUBLE from what Java takes for one; raises ``ValueError`` for what Python would take besides.

    >>> read_double("-.5e3"), read_double(" 1d "), read_double("0x1.8p1"), read_double("NaN")
    (-500.0, 1.0, 3.0, nan)
    """
    plain = text.strip(BLANKS)
    if _DOUBLE.fullmatch(plain):
        return float(plain.rstrip("fFdD"))
    bits = _HEX_DOUBLE.fullmatch(plain)
    if not bits:
        raise ValueError(f'For input string: "{text}"')
    try:
        return float.fromhex(plain[: bits.start("type")])
    except OverflowError:
        return -math.inf if plain[0] == "-" else math.inf


def read_decimal(text: str) -> Decimal:
    """A number of any length, and no NaN; raises ``ValueError``."""
    plain = text.strip()
    if not _DECIMAL.fullmatch(plain):
        raise ValueError(f'For input string: "{text}"')
    return Decimal(plain)


_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def exact_json(text: str | bytes, parse_float: Callable[[str], Any]) -> Any:
    """JSON with its numbers as ``parse_float`` makes them. Raises ``ValueError``, and ``RecursionError`` if too deep.

    Half of a surrogate pair, which ``json`` lets pass, is no text: nothing could be written with it. NaN and Infinity,
    which it takes too, are no JSON.
    """
    if _SURROGATE.search(text.encode() if isinstance(text, str) else text):
        orjson.loads(text)
    return json.loads(text, parse_float=parse_float, parse_constant=_no_constant)


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")

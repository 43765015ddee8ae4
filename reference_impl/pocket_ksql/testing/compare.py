"""Expected against actual: numbers within a tolerance, decimals by scale too, absent fields as NULL."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

TOLERANCE = 1e-6


def same(expected: Any, actual: Any) -> bool:
    """Whether two JSON values mean the same."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, dict) and isinstance(actual, dict):
        expected, actual = _folded(expected), _folded(actual)
        return all(same(expected.get(name), actual.get(name)) for name in expected.keys() | actual.keys())
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    if isinstance(expected, (int, float, Decimal)) and isinstance(actual, (int, float, Decimal)):
        return _same_number(expected, actual)
    if isinstance(expected, str) and isinstance(actual, Decimal):
        return Decimal(expected).as_tuple() == actual.as_tuple()
    if isinstance(expected, (int, float, Decimal)) and isinstance(actual, str):
        return _same_text(str(expected), actual)
    return bool(expected == actual)


def _folded(value: dict[str, Any]) -> dict[str, Any]:
    """Field names in upper case, where that keeps them apart: they are compared without case."""
    folded = {str(name).upper(): one for name, one in value.items()}
    return folded if len(folded) == len(value) else value


def _same_number(expected: float | Decimal, actual: float | Decimal) -> bool:
    if isinstance(expected, int) and isinstance(actual, int):
        return expected == actual
    left, right = float(expected), float(actual)
    return left == right or abs(left - right) <= TOLERANCE * max(1.0, abs(left))


def same_line(expected: Any, actual: Any) -> bool:
    """Whether two lines of a DELIMITED topic mean the same: field by field, numbers by value."""
    if not isinstance(expected, str) or not isinstance(actual, str):
        return same(expected, actual)
    if expected == actual:
        return True
    left, right = next(csv.reader([expected]), []), next(csv.reader([actual]), [])
    return len(left) == len(right) and all(map(_same_text, left, right))


def _same_text(expected: str, actual: str) -> bool:
    if expected == actual:
        return True
    try:
        return _same_number(float(expected), float(actual)) and ("." in expected or "E" in expected)
    except ValueError:
        return False


def show(record: Mapping[str, Any] | None) -> str:
    """A record in one line."""
    return "nothing" if record is None else ", ".join(f"{name}={value!r}" for name, value in record.items())

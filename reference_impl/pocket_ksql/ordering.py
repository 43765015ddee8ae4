"""The order of values where it is Java's and not Python's."""

from __future__ import annotations

from typing import Any

from pocket_ksql import utf16


class _AfterAll:
    """Stands for NaN, which compares with nothing in Python and comes after every number in Java."""

    def __lt__(self, other: object) -> bool:
        return False

    def __gt__(self, other: object) -> bool:
        return not isinstance(other, _AfterAll)


_NAN = _AfterAll()


def order(value: Any) -> Any:
    """The key by which values of one type are put in order: texts by their units of UTF-16, NaN last.

    >>> sorted(["\\uff5e", "\\U0001f600"], key=order) == ["\\U0001f600", "\\uff5e"]
    True
    >>> sorted([float("nan"), 2.0, float("inf")], key=order)
    [2.0, inf, nan]
    """
    if isinstance(value, str):
        return utf16.units(value)
    return _NAN if is_nan(value) else value


def is_nan(value: Any) -> bool:
    """Whether a value of any type is the DOUBLE that is no number."""
    return isinstance(value, float) and value != value

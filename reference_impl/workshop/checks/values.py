"""Plain data: what may cross between learner and check, and how two such values are compared.

Families: None; bool; number (int and float); Decimal; str; bytes; datetime, date, time, timedelta; sequence (list
and tuple); dict; NumPy array; Series; DataFrame. Values of two families are never equal: ``"9.5"`` is no 9.5, and
``True`` is no 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from inspect import get_annotations
from typing import Any

import numpy as np
import pandas as pd

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import Incoming, Outgoing, PcaDetector, ScorerOptions

CROSSING: tuple[type, ...] = (Connection, ScorerOptions, PcaDetector, Incoming, Outgoing)
"""Dataclasses and named tuples that cross by value, field by field."""

_RELATIVE, _ABSOLUTE = 1e-9, 1e-12
_LONG = 300
_SCALARS = (bool, int, float, str, bytes, datetime, date, time, timedelta, Decimal)

_BARE: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    bytes: bytes.__bytes__,
}
"""What is left of an enumeration and the like, whatever its class makes of ``str()`` and ``int()``."""


class NotPlainError(TypeError):
    """A value is no plain data."""


def plain(value: Any, depth: int = 20) -> Any:
    """``value`` as plain data: NumPy scalars and subclasses become what they stand for. Raises ``NotPlainError``."""
    if depth == 0:
        raise NotPlainError("it is nested too deeply")
    kind = type(value)
    if value is None or kind in _SCALARS:
        return value
    if isinstance(value, np.generic):
        return plain(value.item(), depth - 1)
    if value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False)
    if isinstance(value, pd.Timedelta):
        return value.to_pytimedelta()
    if isinstance(value, (np.ndarray, pd.Series, pd.DataFrame)):
        return value
    if isinstance(value, dict):
        return {plain(key, depth - 1): plain(one, depth - 1) for key, one in dict.items(value)}
    if isinstance(value, list):
        return [plain(one, depth - 1) for one in list.__iter__(value)]
    if isinstance(value, tuple):
        return tuple(plain(one, depth - 1) for one in tuple.__iter__(value))
    if kind in CROSSING:
        return value
    for scalar, bare in _BARE.items():
        if isinstance(value, scalar):
            return bare(value)
    raise NotPlainError(f"it is a {kind.__name__}, which is no plain data")


def difference(expected: Any, actual: Any, tolerance: float | None = None) -> str | None:
    """In words how ``actual`` differs from ``expected``, or None. ``tolerance`` is absolute.

    Raises ``NotPlainError`` when ``expected`` is no plain data.
    """
    expected = plain(expected)
    try:
        actual = plain(actual)
    except NotPlainError as error:
        return f"expected {describe(expected)}, but what came cannot be compared: {error}"
    return _difference(expected, actual, tolerance)


def describe(value: Any) -> str:
    """A value with its type, for people."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and type {value.dtype}: {_short(np.array2string(value, threshold=8))}"
    if isinstance(value, pd.DataFrame):
        return f"a DataFrame of {len(value)} rows and the columns {_short(', '.join(map(str, value.columns)))}"
    if isinstance(value, pd.Series):
        return f"a Series of {len(value)} values of type {value.dtype}"
    return f"{_short(repr(value))} ({type(value).__name__})"


def _difference(expected: Any, actual: Any, tolerance: float | None) -> str | None:
    family = _family(expected)
    if family != _family(actual):
        return f"expected {describe(expected)}, came {describe(actual)}"
    return _COMPARE.get(family, _plain_difference)(expected, actual, tolerance)


def _family(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, (list, tuple)):
        return "sequence"
    return type(value).__name__


def _plain_difference(expected: Any, actual: Any, tolerance: float | None) -> str | None:
    return None if expected == actual else f"expected {describe(expected)}, came {describe(actual)}"


def _number(expected: float, actual: float, tolerance: float | None) -> str | None:
    if expected == actual or (math.isnan(expected) and math.isnan(actual)):
        return None
    whole = isinstance(expected, int) and isinstance(actual, int)
    if tolerance is not None:
        near = abs(expected - actual) <= tolerance
    else:
        near = not whole and math.isclose(expected, actual, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)
    return None if near else f"expected {describe(expected)}, came {describe(actual)}"


def _sequence(expected: Any, actual: Any, tolerance: float | None) -> str | None:
    if len(expected) != len(actual):
        return f"expected {len(expected)} values, came {len(actual)}: {_short(repr(actual))}"
    for place, (left, right) in enumerate(zip(expected, actual, strict=True)):
        if (found := _difference(left, right, tolerance)) is not None:
            return f"at [{place}] {found}"
    return None


def _dict(expected: dict[Any, Any], actual: dict[Any, Any], tolerance: float | None) -> str | None:
    if missing := [key for key in expected if key not in actual]:
        return f"{_short(', '.join(map(repr, missing)))} missing"
    if surplus := [key for key in actual if key not in expected]:
        return f"{_short(', '.join(map(repr, surplus)))} too many"
    for key, left in expected.items():
        if (found := _difference(left, actual[key], tolerance)) is not None:
            return f"at [{key!r}] {found}"
    return None


def _array(expected: Any, actual: Any, tolerance: float | None) -> str | None:
    if expected.shape != actual.shape:
        return f"expected the shape {expected.shape}, came {actual.shape}"
    if _kind(expected.dtype) != _kind(actual.dtype):
        return f"expected values of type {expected.dtype}, came {actual.dtype}"
    if _kind(expected.dtype) != "number":
        return _sequence(expected.ravel().tolist(), actual.ravel().tolist(), tolerance)
    relative, absolute = (_RELATIVE, _ABSOLUTE) if tolerance is None else (0.0, tolerance)
    if np.float32 in (expected.dtype, actual.dtype) and tolerance is None:
        relative = 1e-5
    near = np.isclose(actual, expected, rtol=relative, atol=absolute, equal_nan=True)
    if near.all():
        return None
    first = tuple(int(place) for place in np.argwhere(~near)[0])
    differing = f"{int((~near).sum())} of {near.size} values differ"
    return f"{differing}; at {first} expected {expected[first]!r}, came {actual[first]!r}"


def _series(expected: Any, actual: Any, tolerance: float | None) -> str | None:
    return _array(expected.to_numpy(), actual.to_numpy(), tolerance)


def _frame(expected: Any, actual: Any, tolerance: float | None) -> str | None:
    """Columns by name and order, rows by order; the index does not count."""
    if list(expected.columns) != list(actual.columns):
        return f"expected the columns {list(expected.columns)}, came {list(actual.columns)}"
    for name in expected.columns:
        if (found := _series(expected[name], actual[name], tolerance)) is not None:
            return f"in column {name}: {found}"
    return None


def _kind(dtype: Any) -> str:
    return "number" if dtype.kind in "iuf" else str(dtype.kind)


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]} …"


_COMPARE: dict[str, Callable[[Any, Any, float | None], str | None]] = {
    "number": _number,
    "sequence": _sequence,
    "dict": _dict,
    "ndarray": _array,
    "Series": _series,
    "DataFrame": _frame,
}


def field_names(kind: type) -> tuple[str, ...]:
    """The fields of a class of :data:`CROSSING`."""
    return tuple(get_annotations(kind))

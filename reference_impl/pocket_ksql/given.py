"""Rows from outside (JSON of a request, Python's values in a test) as values of the columns' types.

Nothing is lost and nothing guessed: a number fits only where it stays the same number, text only where text is
written for the type, as a date is.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pocket_ksql import types
from pocket_ksql.codegen import casts
from pocket_ksql.codegen.arithmetic import fit_decimal
from pocket_ksql.language.literals import name_of
from pocket_ksql.types import SqlType

_INTEGER, _BIGINT = range(-(1 << 31), 1 << 31), range(-(1 << 63), 1 << 63)
_READ_FROM_TEXT = (types.BYTES, types.TIME, types.DATE, types.TIMESTAMP)


def fit_given(value: Any, target: SqlType) -> Any:
    """``value`` as ``target``, on every level of it. Raises ``ValueError``, ``ArithmeticError``."""
    match target:
        case _ if value is None:
            return None
        case types.Array(item) if isinstance(value, list | tuple):
            return [fit_given(one, item) for one in value]
        case types.Map(_, inner) if isinstance(value, Mapping):
            return {str(key): fit_given(one, inner) for key, one in value.items()}
        case types.Struct(fields) if isinstance(value, Mapping):
            named = {name_of(name): one for name, one in value.items()}
            return {name: fit_given(value.get(name, named.get(name)), of) for name, of in fields}
        case types.Decimal(precision, scale) if _is_number(value) or isinstance(value, str):
            return fit_decimal(Decimal(str(value)), precision, scale)
        case types.DOUBLE if _is_number(value):
            return float(value)
        case types.INTEGER | types.BIGINT if type(value) is int and value in _range(target):
            return value
        case types.BOOLEAN if isinstance(value, bool):
            return value
        case types.BYTES if isinstance(value, bytes):
            return value
        case types.STRING if isinstance(value, str):
            return value
        case _ if isinstance(value, str) and target in _READ_FROM_TEXT:
            read = casts.literal_reader(target)
            assert read is not None
            return read(value)
    raise ValueError(f"{type_of_given(value)} is no {target}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _range(of: SqlType) -> range:
    return _INTEGER if of == types.INTEGER else _BIGINT


def type_of_given(value: Any) -> str:
    """What a value from outside is, in SQL's terms."""
    match value:
        case bool():
            return "BOOLEAN"
        case int():
            return "INTEGER" if value in _INTEGER else "BIGINT"
        case float():
            return "DOUBLE"
        case Decimal():
            return "DECIMAL"
        case str():
            return "STRING"
        case bytes():
            return "BYTES"
        case list() | tuple():
            return "ARRAY"
        case Mapping():
            return "STRUCT"
    return type(value).__name__

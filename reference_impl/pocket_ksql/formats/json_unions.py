"""JSON_SR's unions: where a schema allows several types, a STRUCT with a field for each, of which one is not NULL.

So Confluent's converter for JSON Schema makes them, which names the fields by their place in ``oneOf`` or ``anyOf``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from pocket_ksql import types
from pocket_ksql.errors import RecordError
from pocket_ksql.types import SqlType

_FIELD = "io.confluent.connect.json.OneOf.field."
_NAME = re.compile(re.escape(_FIELD) + r"\d+\Z", re.IGNORECASE)

Coercion = Callable[[Any], Any]


def union(branches: Sequence[SqlType], keep_case: bool) -> types.Struct:
    """The type of a value that is of one of ``branches``."""
    names = [f"{_FIELD}{number}" for number in range(len(branches))]
    return types.Struct(tuple(zip(names if keep_case else map(str.upper, names), branches, strict=True)))


def is_union(of: SqlType) -> bool:
    """Whether a STRUCT stands for a union, which its fields' names say."""
    return isinstance(of, types.Struct) and bool(of.fields) and all(_NAME.match(name) for name, _ in of.fields)


def reader(of: types.Struct, read: Callable[[SqlType], Coercion]) -> Coercion:
    """Reads a JSON value as the first field that it fits, an object as the STRUCT with most of its properties.

    What fits none raises ``RecordError``.
    """
    nothing = dict.fromkeys((name for name, _ in of.fields), None)
    simple = [(name, one, read(one)) for name, one in of.fields if not isinstance(one, types.Struct)]
    structs = [(name, one, read(one)) for name, one in of.fields if isinstance(one, types.Struct)]

    def convert(value: Any) -> Any:
        if value is None:
            return None
        for name, one, convert_one in simple:
            if _fits(value, one):
                return {**nothing, name: convert_one(value)}
        if not structs or not isinstance(value, dict):
            raise RecordError("Did not find matching oneof field for data")
        name, _, convert_one = max(structs, key=lambda struct: _shared(value, struct[1]))
        return {**nothing, name: convert_one(value)}

    return convert


def writer(of: types.Struct, ready: Callable[[SqlType], Coercion | None]) -> Coercion:
    """Writes the first field that is not NULL as it is."""
    changes = [(name, ready(one)) for name, one in of.fields]

    def convert(value: dict[str, Any]) -> Any:
        for name, change in changes:
            chosen = value.get(name)
            if chosen is not None:
                return change(chosen) if change else chosen
        return None

    return convert


def _fits(value: Any, of: SqlType) -> bool:
    if isinstance(value, bool):
        return of == types.BOOLEAN
    return isinstance(value, _PYTHON.get(of.base(), ()))


def _shared(value: dict[str, Any], of: types.Struct) -> int:
    """How many properties of an object a STRUCT has."""
    names = {name.upper() for name, _ in of.fields}
    return sum(name.upper() in names for name in value)


_PYTHON: dict[str, Any] = {
    "INTEGER": int, "BIGINT": int, "TIME": int, "DATE": int, "TIMESTAMP": int,
    "DOUBLE": (int, float, Decimal), "DECIMAL": (int, float, Decimal),
    "STRING": str, "ARRAY": list, "MAP": dict,
}  # fmt: skip

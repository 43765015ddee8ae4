"""What a format with schemas of its own has read, as values of the columns' types.

A record may have been written with a schema whose types differ from the columns': numbers are widened, anything
becomes text, and what cannot be read as its column's type is an error of the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pocket_ksql import types
from pocket_ksql.formats.json_reader import coercion, to_string, wrong_type
from pocket_ksql.types import SqlType

Conversion = Callable[[Any], Any]


def conversion(of: SqlType) -> Conversion:
    """Reads a Python value (text, bytes, numbers, lists, dictionaries) as ``of``; raises ``RecordError``."""
    match of:
        case types.STRING:
            return _text
        case types.BYTES:
            return _expecting(bytes, of, lambda value: value)
        case types.Array(item):
            inner = conversion(item)
            return _expecting(list, of, lambda values: [inner(one) for one in values])
        case types.Map(_, value):
            inner_value = conversion(value)
            return _expecting((dict, list), of, lambda values: {_text(k): inner_value(v) for k, v in _entries(values)})
        case types.Struct(fields):
            return _expecting(dict, of, struct_conversion(fields))
    return coercion(of)


def struct_conversion(fields: Sequence[tuple[str, SqlType]]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Reads the values of ``fields``, whose names may differ in case; one that is not there is NULL."""
    parts = [(name, conversion(one)) for name, one in fields]

    def convert(value: Mapping[str, Any]) -> dict[str, Any]:
        folded = {name.upper(): one for name, one in value.items()}
        return {name: read(value.get(name, folded.get(name.upper()))) for name, read in parts}

    return convert


def _expecting(kind: type | tuple[type, ...], of: SqlType, convert: Conversion) -> Conversion:
    """``convert`` for values of a Python ``kind``; others cannot be read as ``of``."""

    def checked(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, kind):
            raise wrong_type(value, of)
        try:
            return convert(value)
        except (KeyError, TypeError):  # a list that is no list of entries
            raise wrong_type(value, of) from None

    return checked


def _text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else to_string(value)


def _entries(values: Any) -> list[tuple[Any, Any]]:
    """Entries of a map, which ksqlDB writes to Avro as an array of key and value records."""
    if isinstance(values, dict):
        return list(values.items())
    return [(entry["key"], entry["value"]) for entry in values]

"""JSON to rows: what a value of JSON becomes as a value of a type, compiled for given columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from operator import itemgetter
from typing import Any

from pocket_ksql import types
from pocket_ksql.errors import RecordError
from pocket_ksql.formats import json_unions
from pocket_ksql.formats.base import Decoder, Target, bytes_of, decimal_of
from pocket_ksql.text import double_text, read_double
from pocket_ksql.types import SqlType
from pocket_ksql.writer import Writer

Coercion = Callable[[Any], Any]


def wrong_type(value: Any, of: SqlType) -> RecordError:
    """The error of a record that has ``value`` where its column is of type ``of``."""
    shown = json.dumps(value, default=str)
    return RecordError(
        f"Can't convert type. sourceType: {type(value).__name__}, requiredType: {of}, value: {shown[:80]}"
    )


def _to_boolean(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    raise wrong_type(value, types.BOOLEAN)


def _integer(of: SqlType, bits: int) -> Coercion:
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1

    def convert(value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, bool) or (isinstance(value, str) and "_" in value):  # Python reads 1_000
            raise wrong_type(value, of)
        if isinstance(value, Decimal) and value.adjusted() > bits:
            raise wrong_type(value, of)  # 1E999999999 would take all memory as a whole number
        try:
            number = int(value)
        except (ValueError, TypeError, OverflowError):
            raise wrong_type(value, of) from None
        if not low <= number <= high:
            raise wrong_type(value, of)
        return number

    return convert


def _to_double(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, bool):
        raise wrong_type(value, types.DOUBLE)
    try:
        return read_double(value) if isinstance(value, str) else float(value)
    except (ValueError, TypeError):
        raise wrong_type(value, types.DOUBLE) from None


def to_string(value: Any) -> Any:
    """A JSON value as STRING: text as it is, numbers as written, objects and arrays as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return double_text(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, separators=(",", ":"), default=float, ensure_ascii=False)
    return str(value)


def _to_bytes(value: Any) -> Any:
    return None if value is None else bytes_of(value)


def coercion(of: SqlType, unions: bool = False) -> Coercion:
    """Reads a JSON value as ``of``; NULL stays NULL; raises ``RecordError``. ``unions`` are those of JSON_SR."""
    match of:
        case types.Decimal():
            exact = decimal_of(of)
            return lambda value: None if value is None else exact(value)
        case types.Array(item):
            return _array(of, coercion(item, unions))
        case types.Map(_, value_type):
            return _map(of, coercion(value_type, unions))
        case types.Struct() if unions and json_unions.is_union(of):
            return json_unions.reader(of, lambda one: coercion(one, unions))
        case types.Struct():
            return _struct(of, unions)
    return _SIMPLE[of.base()]


_SIMPLE: dict[str, Coercion] = {
    "BOOLEAN": _to_boolean,
    "INTEGER": _integer(types.INTEGER, 32),
    "BIGINT": _integer(types.BIGINT, 64),
    "DOUBLE": _to_double,
    "STRING": to_string,
    "BYTES": _to_bytes,
    "TIME": _integer(types.TIME, 32),
    "DATE": _integer(types.DATE, 32),
    "TIMESTAMP": _integer(types.TIMESTAMP, 64),
}


def _array(of: SqlType, item: Coercion) -> Coercion:
    def convert(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, list):
            raise wrong_type(value, of)
        return [item(one) for one in value]

    return convert


def _map(of: SqlType, item: Coercion) -> Coercion:
    def convert(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise wrong_type(value, of)
        return {key: item(one) for key, one in value.items()}

    return convert


def _struct(of: types.Struct, unions: bool) -> Coercion:
    fields = [(name, coercion(one, unions)) for name, one in of.fields]
    names = {name for name, _ in fields}

    def convert(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise wrong_type(value, of)
        if not names.issuperset(value):
            value = _folded(value, names)
        return {name: read(value.get(name)) for name, read in fields}

    return convert


def _folded(value: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Field names in upper case, those that are right as they are winning."""
    folded = {name.upper(): one for name, one in value.items()}
    folded.update((name, one) for name, one in value.items() if name in names)
    for name in names - folded.keys():
        if name.upper() in folded:
            folded[name] = folded[name.upper()]
    return folded


_FAST = {
    "DOUBLE": "{0} if type({0}) is float else {1}({0})",
    "STRING": "{0} if type({0}) is str else {1}({0})",
    "BOOLEAN": "{0} if type({0}) is bool else {1}({0})",
}


def row_decoder(target: Target, loads: Callable[[bytes], Any], unions: bool = False) -> Decoder:
    columns = target.columns
    if not target.wrapped and len(columns) == 1:
        read = coercion(columns[0].type, unions)
        return lambda data: (read(loads(data)),)
    writer = Writer()
    names = [f"v{index}" for index in range(len(columns))]
    writer.names.update(loads=loads, get_all=_getter([column.name for column in columns]), RecordError=RecordError)
    with writer.block("def decode(data):"):
        writer.line("value = loads(data)")
        with writer.block("if value is None:"):
            writer.line("return None")
        if not names:
            writer.line("return ()")
            return writer.compile("decode")
        with writer.block("if type(value) is not dict:"):
            writer.line("raise RecordError(f'Expected a JSON object but got: {str(value)[:80]}')")
        writer.line(f"{', '.join(names)}, = get_all(value)")
        parts = []
        for column, name in zip(columns, names, strict=True):
            function = writer.bind(coercion(column.type, unions), "read")
            parts.append(_FAST.get(column.type.base(), "{1}({0})").format(name, function))
        writer.line(f"return ({''.join(part + ', ' for part in parts)})")
    return writer.compile("decode")


def _getter(names: list[str]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """All fields of an object: quickly where every name is there as it is, else without case, NULL where missing."""
    if not names:
        return lambda value: ()
    known = set(names)
    quick = itemgetter(*names) if len(names) > 1 else lambda value: (value[names[0]],)

    def get_all(value: dict[str, Any]) -> tuple[Any, ...]:
        try:
            return quick(value)
        except KeyError:
            folded = _folded(value, known)
            return tuple(folded.get(name) for name in names)

    return get_all

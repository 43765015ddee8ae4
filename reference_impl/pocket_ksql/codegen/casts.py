"""CAST: every conversion between types, as functions from value to value."""

from __future__ import annotations

import base64
import decimal
from collections.abc import Callable
from typing import Any

from pocket_ksql import temporal, types
from pocket_ksql.codegen.arithmetic import fit_decimal
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.integers import saturated, wrap32, wrap64
from pocket_ksql.text import double_text, read_decimal, read_double
from pocket_ksql.types import SqlType

Converter = Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _boolean_of_text(text: str) -> bool:
    word = text.strip().lower()
    return word != "" and ("true".startswith(word) or "yes".startswith(word))


def _integer_of_text(bits: int) -> Converter:
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1

    def convert(text: str) -> int:
        if len(text) < 10 and text.isascii() and text.isdecimal():  # plain digits that any integer type has room for
            return int(text)
        number = read_decimal(text)
        value = int(number) if number.adjusted() < bits else None  # 1E999999999 would take all memory
        if value is None or not low <= value <= high:
            raise ValueError(f"{text} is out of range")
        return value

    return convert


def _to_decimal(target: types.Decimal, read: Converter) -> Converter:
    def convert(value: Any) -> decimal.Decimal:
        return fit_decimal(read(value), target.precision, target.scale)

    return convert


def _decimal_text(value: decimal.Decimal) -> str:
    return f"{value:f}"


def _boolean_text(value: bool) -> str:
    return "true" if value else "false"


_SIMPLE: dict[tuple[str, str], Converter] = {
    ("BOOLEAN", "STRING"): _boolean_text,
    ("INTEGER", "BIGINT"): _same,
    ("INTEGER", "DOUBLE"): float,
    ("INTEGER", "STRING"): str,
    ("BIGINT", "INTEGER"): wrap32,
    ("BIGINT", "DOUBLE"): float,
    ("BIGINT", "STRING"): str,
    ("DOUBLE", "INTEGER"): lambda value: saturated(value, 32),
    ("DOUBLE", "BIGINT"): lambda value: saturated(value, 64),
    ("DOUBLE", "STRING"): double_text,
    ("DECIMAL", "INTEGER"): lambda value: wrap32(int(value)),
    ("DECIMAL", "BIGINT"): lambda value: wrap64(int(value)),
    ("DECIMAL", "DOUBLE"): float,
    ("DECIMAL", "STRING"): _decimal_text,
    ("STRING", "BOOLEAN"): _boolean_of_text,
    ("STRING", "INTEGER"): _integer_of_text(32),
    ("STRING", "BIGINT"): _integer_of_text(64),
    ("STRING", "DOUBLE"): read_double,
    ("STRING", "TIME"): temporal.parse_time,
    ("STRING", "DATE"): temporal.parse_date,
    ("STRING", "TIMESTAMP"): temporal.parse_timestamp,
    ("TIME", "STRING"): temporal.format_time,
    ("DATE", "STRING"): temporal.format_date,
    ("DATE", "TIMESTAMP"): temporal.date_to_timestamp,
    ("TIMESTAMP", "STRING"): temporal.format_timestamp,
    ("TIMESTAMP", "DATE"): temporal.timestamp_to_date,
    ("TIMESTAMP", "TIME"): temporal.timestamp_to_time,
}

_TO_DECIMAL: dict[str, Converter] = {
    "INTEGER": decimal.Decimal,
    "BIGINT": decimal.Decimal,
    "DECIMAL": _same,
    "DOUBLE": lambda value: decimal.Decimal(repr(value)),
    "STRING": read_decimal,
}


def converter(source: SqlType, target: SqlType) -> Converter | None:
    """The function that turns a value of ``source`` into one of ``target``; ``None`` if there is no such cast."""
    if source == target:
        return _same
    if isinstance(target, types.Decimal):
        read = _TO_DECIMAL.get(source.base())
        return None if read is None else _to_decimal(target, read)
    match source, target:
        case types.Array(item), types.Array(other):
            return _array(converter(item, other))
        case types.Map(key, value), types.Map(other_key, other_value):
            return _map(converter(key, other_key), converter(value, other_value))
        case types.Struct(), types.Struct():
            return _struct(source, target)
        case _, types.STRING if isinstance(source, (types.Array, types.Map, types.Struct)):
            return text_of(source)
    return _SIMPLE.get((source.base(), target.base()))


def _bytes_of_text(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def literal_reader(target: SqlType) -> Converter | None:
    """The function that reads a text literal in the place of a value of ``target``: as CAST does, and BYTES in Base64.

    There is no CAST between BYTES and STRING: TO_BYTES and FROM_BYTES say in which encoding.
    """
    return _bytes_of_text if target == types.BYTES else converter(types.STRING, target)


def cast(source: SqlType | None, target: SqlType) -> Converter:
    """The function behind ``CAST(… AS target)``; raises ``KsqlStatementError`` if there is no such cast."""
    if source is None:
        return _same
    convert = converter(source, target)
    if convert is None:
        raise KsqlStatementError(f"Cast of {source} to {target} is not supported")
    return convert


def _nullable(convert: Converter) -> Converter:
    return lambda value: None if value is None else convert(value)


def _array(item: Converter | None) -> Converter | None:
    if item is None:
        return None
    inner = _nullable(item)
    return lambda values: [inner(value) for value in values]


def _map(key: Converter | None, value: Converter | None) -> Converter | None:
    if key is None or value is None:
        return None
    inner_key, inner_value = _nullable(key), _nullable(value)
    return lambda values: {inner_key(k): inner_value(v) for k, v in values.items()}


def _struct(source: types.Struct, target: types.Struct) -> Converter | None:
    parts: list[tuple[str, Converter]] = []
    known = dict(source.fields)
    for name, of in target.fields:
        convert = converter(known[name], of) if name in known else _same
        if convert is None:
            return None
        parts.append((name, _nullable(convert)))
    return lambda value: {name: convert(value.get(name)) for name, convert in parts}


def text_of(source: SqlType) -> Converter:
    """How a value of ``source`` reads as a STRING; nested values in ksqlDB's notation."""
    match source:
        case types.Array(item):
            inner = _nullable(text_of(item))
            return lambda values: f"[{', '.join(str_or_null(inner(value)) for value in values)}]"
        case types.Map(key, value):
            key_text, value_text = _nullable(text_of(key)), _nullable(text_of(value))
            return lambda values: (
                "{"
                + ", ".join(f"{str_or_null(key_text(k))}={str_or_null(value_text(v))}" for k, v in values.items())
                + "}"
            )
        case types.Struct(fields):
            parts = [(name, _nullable(text_of(of))) for name, of in fields]
            return lambda value: (
                "Struct{" + ",".join(f"{n}={t(value.get(n))}" for n, t in parts if value.get(n) is not None) + "}"
            )
        case types.STRING:
            return _same
        case types.BYTES:
            return lambda value: base64.b64encode(value).decode()
    return converter(source, types.STRING) or str


def str_or_null(text: str | None) -> str:
    return "null" if text is None else text

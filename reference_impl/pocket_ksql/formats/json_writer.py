"""Rows to JSON, compiled for given columns."""

from __future__ import annotations

import base64
import decimal
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson

from pocket_ksql import types
from pocket_ksql.formats import json_unions
from pocket_ksql.formats.base import Encoder, Target, nested_types
from pocket_ksql.formats.json_reader import to_string
from pocket_ksql.schema import Column
from pocket_ksql.text import double_text
from pocket_ksql.types import SqlType
from pocket_ksql.writer import Writer

Coercion = Callable[[Any], Any]


def _fragment(value: decimal.Decimal) -> Any:
    return orjson.Fragment(format(value, "f"))


def finite(value: Any) -> Any:
    """``value`` with text for NaN and the infinities, at any depth: of those ``orjson`` would make null."""
    match value:
        case float():
            return value if value - value == 0 else double_text(value)
        case list():
            return [finite(one) for one in value]
        case dict():
            return {key: finite(one) for key, one in value.items()}
    return value


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def jsonable(of: SqlType, unions: bool = False) -> Coercion | None:
    """What makes a value of ``of`` ready for ``orjson``; ``None`` where it is so already. NULL is not passed.

    ``unions`` are those of JSON_SR.
    """
    match of:
        case types.Decimal():
            return _fragment
        case types.BYTES:
            return _base64
        case types.Array(item):
            inner = jsonable(item, unions)
            return inner and (lambda values: [None if one is None else inner(one) for one in values])
        case types.Map(key, value):
            inner_value = jsonable(value, unions)
            if key == types.STRING:
                return inner_value and (
                    lambda values: {k: None if one is None else inner_value(one) for k, one in values.items()}
                )
            change = inner_value or (lambda one: one)
            return lambda values: {to_string(k): None if v is None else change(v) for k, v in values.items()}
        case types.Struct() if unions and json_unions.is_union(of):
            return json_unions.writer(of, lambda one: jsonable(one, unions))
        case types.Struct(fields):
            parts = [(name, ready) for name, one in fields if (ready := jsonable(one, unions))]
            if not parts:
                return None

            def convert(value: dict[str, Any]) -> dict[str, Any]:
                changed = dict(value)
                for name, change in parts:
                    if changed.get(name) is not None:
                        changed[name] = change(changed[name])
                return changed

            return convert
    return None


def _write_nonfinite(writer: Writer, columns: tuple[Column, ...], names: list[str], fields: str) -> None:
    """NaN and the infinities, which come out as null, are written as text instead, as Java does."""
    writer.names["finite"] = finite
    tests = []
    for column, name in zip(columns, names, strict=True):
        if column.type == types.DOUBLE:
            tests.append(f"({name} is not None and {name} - {name} != 0)")
        elif types.DOUBLE in nested_types(column.type):
            tests.append(f"{name} is not None and finite({name}) != {name}")
    if tests:
        with writer.block("if b'null' in data:"), writer.block(f"if {' or '.join(tests)}:"):
            writer.line(f"data = dumps(finite({fields}))")


def row_encoder(target: Target, unions: bool = False) -> Encoder:
    columns = target.columns
    writer = Writer()
    maps = any(isinstance(one, types.Map) for column in columns for one in nested_types(column.type))
    writer.names["dumps"] = partial(orjson.dumps, option=orjson.OPT_NON_STR_KEYS) if maps else orjson.dumps
    names = [f"v{index}" for index in range(len(columns))]
    parts = []
    for column, name in zip(columns, names, strict=True):
        change = jsonable(column.type, unions)
        parts.append(f"{name} if {name} is None else {writer.bind(change)}({name})" if change else name)
    with writer.block("def encode(row):"):
        if not names:
            writer.line("return None" if target.is_key else "return b'{}'")
            return writer.compile("encode")
        writer.line(f"{', '.join(names)}, = row")
        if not target.wrapped and len(columns) == 1:
            with writer.block("if v0 is None:"):
                writer.line("return None")
            fields = parts[0]
        else:
            fields = ", ".join(f"{column.name!r}: {part}" for column, part in zip(columns, parts, strict=True))
            fields = f"{{{fields}}}"
        writer.line(f"data = dumps({fields})")
        _write_nonfinite(writer, columns, names, fields)
        writer.line("return data")
    return writer.compile("encode")

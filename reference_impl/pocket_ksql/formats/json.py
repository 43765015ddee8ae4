"""JSON, and JSON_SR with Confluent's five bytes in front of it."""

from __future__ import annotations

import base64
import decimal
import json
from collections.abc import Callable
from functools import partial
from operator import itemgetter
from typing import Any

import orjson

from pocket_ksql import types
from pocket_ksql.errors import RecordError
from pocket_ksql.formats.base import Decoder, Encoder, Format, Row, Target, bytes_of, decimal_of, nested_types
from pocket_ksql.formats.framing import frame, unframe
from pocket_ksql.schema import Column, Place
from pocket_ksql.services import RegisteredSchema
from pocket_ksql.text import double_text
from pocket_ksql.types import SqlType
from pocket_ksql.writer import Writer

Coercion = Callable[[Any], Any]


class JsonFormat(Format):
    """JSON objects; field names are matched exactly, then without case."""

    needs_registry = False
    can_wrap = True
    maps = "JSON only supports MAP types with STRING keys"

    def __init__(self, name: str, framed: bool = False) -> None:
        self.name = name
        self._framed = framed
        self.needs_registry = framed

    def unsupported(self, of: SqlType, is_key: bool) -> SqlType | None:
        for one in nested_types(of):
            if isinstance(one, types.Map) and (is_key or one.key != types.STRING):
                return one
        return None

    def decoder(self, target: Target) -> Decoder:
        exact = any(isinstance(one, types.Decimal) for column in target.columns for one in nested_types(column.type))
        loads = _loads_exact if exact else _loads
        inner = _decoder(target, loads)
        if not self._framed:
            return inner

        def decode(data: bytes) -> Row | None:
            return inner(unframe(data)[1])

        return decode

    def encoder(self, target: Target) -> Encoder:
        inner = _encoder(target)
        if not self._framed:
            return inner
        header = frame(target.schemas.register(target.subject, "JSON", json_schema(target)))

        def encode(row: Row) -> bytes | None:
            data = inner(row)
            return None if data is None else header + data

        return encode

    def infer(self, target: Target, schema: RegisteredSchema) -> tuple[Column, ...]:
        if not self._framed:
            return super().infer(target, schema)
        return columns_of_schema(target, schema.text)


def _loads(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise RecordError(f"Failed to deserialize value from topic: no JSON: {error}") from None


def _loads_exact(data: bytes) -> Any:
    """Like ``_loads`` with every digit of numbers kept."""
    try:
        return json.loads(data, parse_float=decimal.Decimal)
    except ValueError as error:
        raise RecordError(f"Failed to deserialize value from topic: no JSON: {error}") from None


# --- reading ---------------------------------------------------------------------------------------------------


def _wrong(value: Any, of: SqlType) -> RecordError:
    shown = json.dumps(value, default=str)
    return RecordError(
        f"Can't convert type. sourceType: {type(value).__name__}, requiredType: {of}, value: {shown[:80]}"
    )


def _to_boolean(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    raise _wrong(value, types.BOOLEAN)


def _integer(of: SqlType, bits: int) -> Coercion:
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1

    def convert(value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, bool):
            raise _wrong(value, of)
        try:
            number = int(value)
        except (ValueError, TypeError, OverflowError):
            raise _wrong(value, of) from None
        if not low <= number <= high:
            raise _wrong(value, of)
        return number

    return convert


def _to_double(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, bool):
        raise _wrong(value, types.DOUBLE)
    try:
        return float(value)
    except (ValueError, TypeError):
        raise _wrong(value, types.DOUBLE) from None


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


def coercion(of: SqlType) -> Coercion:
    """Reads a JSON value as ``of``; NULL stays NULL; raises ``RecordError``."""
    match of:
        case types.Decimal():
            exact = decimal_of(of)
            return lambda value: None if value is None else exact(value)
        case types.Array(item):
            return _array(of, coercion(item))
        case types.Map(_, value_type):
            return _map(of, coercion(value_type))
        case types.Struct():
            return _struct(of)
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
            raise _wrong(value, of)
        return [item(one) for one in value]

    return convert


def _map(of: SqlType, item: Coercion) -> Coercion:
    def convert(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise _wrong(value, of)
        return {key: item(one) for key, one in value.items()}

    return convert


def _struct(of: types.Struct) -> Coercion:
    fields = [(name, coercion(one)) for name, one in of.fields]
    names = {name for name, _ in fields}

    def convert(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise _wrong(value, of)
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


def _decoder(target: Target, loads: Callable[[bytes], Any]) -> Decoder:
    columns = target.columns
    if not target.wrapped and len(columns) == 1:
        read = coercion(columns[0].type)
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
            function = writer.bind(coercion(column.type), "read")
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


# --- writing ---------------------------------------------------------------------------------------------------


def _fragment(value: decimal.Decimal) -> Any:
    return orjson.Fragment(format(value, "f"))


def _number(value: float) -> Any:
    return value if value - value == 0 else double_text(value)


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def jsonable(of: SqlType) -> Coercion | None:
    """What makes a value of ``of`` ready for ``orjson``; ``None`` where it is so already. NULL is not passed."""
    match of:
        case types.Decimal():
            return _fragment
        case types.BYTES:
            return _base64
        case types.Array(item):
            inner = jsonable(item)
            return inner and (lambda values: [None if one is None else inner(one) for one in values])
        case types.Map(key, value):
            inner_value = jsonable(value)
            if key == types.STRING:
                return inner_value and (
                    lambda values: {k: None if one is None else inner_value(one) for k, one in values.items()}
                )
            change = inner_value or (lambda one: one)
            return lambda values: {to_string(k): None if v is None else change(v) for k, v in values.items()}
        case types.Struct(fields):
            parts = [(name, ready) for name, one in fields if (ready := jsonable(one))]
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


def _write_nonfinite(
    writer: Writer, columns: tuple[Column, ...], names: list[str], parts: list[str], doubles: list[str]
) -> None:
    """NaN and the infinities, which come out as null, are written as text instead, as Java does."""
    writer.names["number"] = _number
    with writer.block("if b'null' in data:"):
        test = " or ".join(f"({name} is not None and {name} - {name} != 0)" for name in doubles)
        with writer.block(f"if {test}:"):
            texts = [
                f"{column.name!r}: {name if name not in doubles else f'{name} if {name} is None else number({name})'}"
                if name in doubles
                else f"{column.name!r}: {part}"
                for column, name, part in zip(columns, names, parts, strict=True)
            ]
            writer.line(f"data = dumps({{{', '.join(texts)}}})")


def _encoder(target: Target) -> Encoder:
    columns = target.columns
    writer = Writer()
    maps = any(isinstance(one, types.Map) for column in columns for one in nested_types(column.type))
    writer.names["dumps"] = partial(orjson.dumps, option=orjson.OPT_NON_STR_KEYS) if maps else orjson.dumps
    names = [f"v{index}" for index in range(len(columns))]
    parts = []
    for column, name in zip(columns, names, strict=True):
        change = jsonable(column.type)
        parts.append(f"{name} if {name} is None else {writer.bind(change)}({name})" if change else name)
    with writer.block("def encode(row):"):
        if not names:
            writer.line("return None" if target.is_key else "return b'{}'")
            return writer.compile("encode")
        writer.line(f"{', '.join(names)}, = row")
        if not target.wrapped and len(columns) == 1:
            writer.line(f"return None if v0 is None else dumps({parts[0]})")
        else:
            fields = ", ".join(f"{column.name!r}: {part}" for column, part in zip(columns, parts, strict=True))
            doubles = [name for column, name in zip(columns, names, strict=True) if column.type == types.DOUBLE]
            writer.line(f"data = dumps({{{fields}}})")
            if doubles:
                _write_nonfinite(writer, columns, names, parts, doubles)
            writer.line("return data")
    return writer.compile("encode")


# --- JSON Schema -------------------------------------------------------------------------------------------------

_SCHEMA_TYPES: dict[str, dict[str, Any]] = {
    "BOOLEAN": {"type": "boolean"},
    "INTEGER": {"type": "integer", "connect.type": "int32"},
    "BIGINT": {"type": "integer", "connect.type": "int64"},
    "DOUBLE": {"type": "number", "connect.type": "float64"},
    "STRING": {"type": "string"},
    "BYTES": {"type": "string", "connect.type": "bytes"},
    "TIME": {"type": "integer", "title": "org.apache.kafka.connect.data.Time", "connect.type": "int32"},
    "DATE": {"type": "integer", "title": "org.apache.kafka.connect.data.Date", "connect.type": "int32"},
    "TIMESTAMP": {"type": "integer", "title": "org.apache.kafka.connect.data.Timestamp", "connect.type": "int64"},
}


def _schema(of: SqlType) -> dict[str, Any]:
    match of:
        case types.Decimal(precision, scale):
            return {
                "type": "number",
                "title": "org.apache.kafka.connect.data.Decimal",
                "connect.version": 1,
                "connect.parameters": {"scale": str(scale), "connect.decimal.precision": str(precision)},
                "connect.type": "bytes",
            }
        case types.Array(item):
            return {"type": "array", "items": _optional(item)}
        case types.Map(_, value):
            return {"type": "object", "additionalProperties": _optional(value), "connect.type": "map"}
        case types.Struct(fields):
            properties = {name: {"connect.index": index, **_optional(one)} for index, (name, one) in enumerate(fields)}
            return {"type": "object", "properties": properties}
    return _SCHEMA_TYPES[of.base()]


def _optional(of: SqlType) -> dict[str, Any]:
    return {"oneOf": [{"type": "null"}, _schema(of)]}


def json_schema(target: Target) -> str:
    """The JSON Schema that is registered for ``target``."""
    if not target.wrapped and len(target.columns) == 1:
        return json.dumps(_schema(target.columns[0].type))
    return json.dumps(_schema(types.Struct(tuple((column.name, column.type) for column in target.columns))))


_FROM_CONNECT: dict[str, SqlType] = {
    "int8": types.INTEGER,
    "int16": types.INTEGER,
    "int32": types.INTEGER,
    "int64": types.BIGINT,
    "float32": types.DOUBLE,
    "float64": types.DOUBLE,
    "bytes": types.BYTES,
}
_FROM_JSON: dict[str, SqlType] = {
    "boolean": types.BOOLEAN,
    "integer": types.BIGINT,
    "number": types.DOUBLE,
    "string": types.STRING,
}
_FROM_TITLE: dict[str, SqlType] = {
    "org.apache.kafka.connect.data.Time": types.TIME,
    "org.apache.kafka.connect.data.Date": types.DATE,
    "org.apache.kafka.connect.data.Timestamp": types.TIMESTAMP,
}


def type_of_schema(schema: dict[str, Any], keep_case: bool = False) -> SqlType:
    """The SQL type of a JSON Schema; field names in upper case unless ``keep_case``."""
    for union in ("oneOf", "anyOf"):
        if union in schema:
            branches = [one for one in schema[union] if one.get("type") != "null"]
            return type_of_schema(branches[0], keep_case)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next(one for one in kind if one != "null")
    title = str(schema.get("title"))
    if title == "org.apache.kafka.connect.data.Decimal":
        parameters = schema.get("connect.parameters", {})
        return types.Decimal(int(parameters.get("connect.decimal.precision", 64)), int(parameters.get("scale", 0)))
    if title in _FROM_TITLE:
        return _FROM_TITLE[title]
    if kind == "array":
        return types.Array(type_of_schema(schema["items"], keep_case))
    if kind == "object" and "properties" not in schema:
        return types.Map(
            types.STRING, type_of_schema(schema.get("additionalProperties") or {"type": "string"}, keep_case)
        )
    if kind == "object":
        fields = sorted(schema["properties"].items(), key=lambda item: item[1].get("connect.index", 0))
        return types.Struct(
            tuple((name if keep_case else name.upper(), type_of_schema(one, keep_case)) for name, one in fields)
        )
    connect = str(schema.get("connect.type"))
    if kind == "string" and connect != "bytes":
        return types.STRING
    return _FROM_CONNECT.get(connect) or _FROM_JSON.get(str(kind), types.STRING)


def columns_of_schema(target: Target, text: str) -> tuple[Column, ...]:
    """Columns for a registered JSON Schema."""
    place = Place.KEY if target.is_key else Place.VALUE
    of = type_of_schema(json.loads(text), "schema_id" in target.properties)
    if isinstance(of, types.Struct) and not target.is_key and target.wrapped:
        return tuple(Column(name, one, place) for name, one in of.fields)
    return (Column("ROWKEY" if target.is_key else "ROWVAL", of, place),)

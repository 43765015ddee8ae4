"""Between the JSON of a case and the bytes on a topic."""

from __future__ import annotations

import base64
import io
import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import fastavro

from pocket_ksql import types
from pocket_ksql.codegen.sources import target_of
from pocket_ksql.errors import RecordError
from pocket_ksql.formats import find_format
from pocket_ksql.formats.avro_message import conform
from pocket_ksql.formats.avro_names import whole
from pocket_ksql.formats.framing import frame
from pocket_ksql.formats.json_reader import coercion, to_string
from pocket_ksql.formats.windowed import join_window, split_window
from pocket_ksql.schema import Column
from pocket_ksql.services import RegisteredSchema, Schemas
from pocket_ksql.source import KeyWindow, Source, WindowKind


class _Encoder(json.JSONEncoder):
    """Decimals as numbers with all their digits."""

    def default(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return _Digits(value)
        return super().default(value)


class _Digits(float):
    """A float that prints as the decimal that it came from."""

    def __new__(cls, value: Decimal) -> _Digits:
        made = super().__new__(cls, value)
        made._text = (
            format(value, "f") if value == value.to_integral_value() or abs(value) >= Decimal("1e-5") else str(value)
        )
        return made

    _text: str

    def __repr__(self) -> str:
        return self._text


def json_bytes(value: Any) -> bytes:
    """JSON with the digits of decimals kept."""
    return json.dumps(_digits(value), cls=_Encoder, ensure_ascii=False).encode()


def _digits(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _Digits(value)
    if isinstance(value, list):
        return [_digits(one) for one in value]
    if isinstance(value, dict):
        return {key: _digits(one) for key, one in value.items()}
    return value


def encode(
    value: Any, source: Source, schemas: Schemas, is_key: bool, registered: RegisteredSchema | None
) -> bytes | None:
    """Bytes of a JSON value in the format of ``source``; by its registered schema where there is one."""
    spec = source.key_format if is_key else source.value_format
    if value is None:
        return None
    if spec.name == "JSON":
        return json_bytes(value)
    if spec.name == "DELIMITED" and isinstance(value, (str, bool, int, Decimal)):
        return str(value).lower().encode() if isinstance(value, bool) else str(value).encode()
    if spec.name == "AVRO" and registered is not None:
        return _avro(value, registered)
    if spec.name == "PROTOBUF" and registered is not None:
        return _protobuf(value, source, registered, is_key)
    if spec.name == "JSON_SR" and registered is not None:
        return frame(registered.id) + json_bytes(value)
    target = target_of(source, schemas, is_key)
    row = row_of(value, target.columns, target.wrapped)
    return find_format(spec.name).encoder(target)(row)


def row_of(value: Any, columns: tuple[Column, ...], wrapped: bool) -> tuple[Any, ...]:
    """A JSON value as the values of columns."""
    if len(columns) == 1 and not (wrapped and isinstance(value, dict)):
        return (coercion(columns[0].type)(value),)
    if not isinstance(value, dict):
        raise RecordError(f"{value!r} is no object")
    folded = {name.upper(): one for name, one in value.items()}
    return tuple(coercion(one.type)(value.get(one.name, folded.get(one.name.upper()))) for one in columns)


def _protobuf(value: Any, source: Source, registered: RegisteredSchema, is_key: bool) -> bytes:
    """The message that the source reads, filled by names as the case gives them."""
    from pocket_ksql.formats.proto_message import row_writer
    from pocket_ksql.formats.proto_schema import ProtoSchema, path_of

    spec = source.key_format if is_key else source.value_format
    schema = ProtoSchema.of(registered)
    message = schema.message(spec.properties.get("full_schema_name"))
    columns = tuple(Column(name, of) for name, of in schema.fields(message))
    path = path_of(message)
    indexes = b"\x00" if path == (0,) else bytes([len(path) << 1, *(part << 1 for part in path)])
    return frame(registered.id) + indexes + row_writer(message, columns)(row_of(value, columns, wrapped=True))


def _avro(value: Any, registered: RegisteredSchema) -> bytes:
    schema = whole(registered)
    out = io.BytesIO()
    try:
        fastavro.schemaless_writer(out, fastavro.parse_schema(schema), conform(_from_text(value, schema), schema, {}))
    except (ValueError, TypeError) as error:
        raise RecordError(f"the input {value!r} does not fit the registered schema: {error}") from None
    return frame(registered.id) + out.getvalue()


def _from_text(value: Any, schema: Any) -> Any:
    """Bytes are Base64 in a case."""
    if isinstance(schema, list):
        return None if value is None else _from_text(value, next(one for one in schema if one != "null"))
    if schema == "bytes" and isinstance(value, str):
        return base64.b64decode(value)
    if schema == "string":
        return to_string(value)
    if not isinstance(schema, dict) or value is None:
        return value
    if schema.get("type") == "record" and isinstance(value, dict):
        folded = {name.upper(): one for name, one in value.items()}
        return {one["name"]: _from_text(folded.get(one["name"].upper()), one["type"]) for one in schema["fields"]}
    if schema.get("type") == "array" and isinstance(value, list):
        return [_from_text(one, schema["items"]) for one in value]
    if schema.get("type") in ("bytes", "fixed") and "logicalType" in schema:
        return value
    if schema.get("type") == "fixed" and isinstance(value, str):
        return base64.b64decode(value)
    return _from_text(value, schema["type"]) if schema.get("type") in ("bytes", "string") else value


def encode_key(
    value: Any, window: Mapping[str, Any] | None, source: Source, schemas: Schemas, registered: RegisteredSchema | None
) -> bytes | None:
    """Bytes of a key with its window."""
    inner = encode(value, source, schemas, True, registered) if source.schema.key else _free_key(value)
    if window is None or source.window is None:
        return inner
    return join_window(inner or b"", int(window["start"]), int(window["end"]), source.window)


def _free_key(value: Any) -> bytes | None:
    return None if value is None else value.encode() if isinstance(value, str) else json_bytes(value)


def decode_key(data: bytes | None, source: Source, schemas: Schemas, window: KeyWindow | None) -> tuple[Any, Any]:
    """A key as JSON (one value, or an object) and its window as the cases write it."""
    bounds = None
    if data is not None and window is not None:
        data, start, end = split_window(data, window)
        kind = "session" if window.kind is WindowKind.SESSION else "time"
        bounds = {"start": start, "end": end, "type": kind}
    if data is None or not source.schema.key:
        return None, bounds
    return decode(data, source, schemas, True), bounds


def decode(data: bytes | None, source: Source, schemas: Schemas, is_key: bool) -> Any:
    """What is on a topic, as the JSON that a case would have for it."""
    if data is None:
        return None
    spec = source.key_format if is_key else source.value_format
    if spec.name == "JSON":
        return json.loads(data, parse_float=Decimal)
    if spec.name == "DELIMITED":
        return data.decode()
    target = target_of(source, schemas, is_key)
    row = find_format(spec.name).decoder(target)(data)
    if row is None:
        return None
    if spec.name == "KAFKA" or (not target.wrapped and len(target.columns) == 1):
        return as_json(row[0], target.columns[0].type) if row else None
    return {column.name: as_json(value, column.type) for column, value in zip(target.columns, row, strict=True)}


def as_json(value: Any, of: types.SqlType) -> Any:
    """A SQL value as a case writes it."""
    if value is None:
        return None
    match of:
        case types.DOUBLE if not math.isfinite(value):
            return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
        case types.BYTES:
            return base64.b64encode(value).decode()
        case types.Array(item):
            return [as_json(one, item) for one in value]
        case types.Map(_, inner):
            return {key: as_json(one, inner) for key, one in value.items()}
        case types.Struct(fields):
            return {name: as_json(value.get(name), one) for name, one in fields}
    return value

"""PROTOBUF in Confluent's framing, and PROTOBUF_NOSR without: one message, fields numbered in the columns' order.

By proto3's rules a scalar that is absent reads as its default (0, false, empty text). The property
``…_PROTOBUF_NULLABLE_REPRESENTATION`` keeps NULL apart: OPTIONAL by presence, WRAPPER by a message around the value.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError, RecordError
from pocket_ksql.formats.base import Decoder, Encoder, Format, Row, Target, nested_types
from pocket_ksql.formats.framing import frame, unframe
from pocket_ksql.schema import Column, Place
from pocket_ksql.services import RegisteredSchema
from pocket_ksql.types import SqlType

Fields = Sequence[tuple[str, SqlType]]
Raw = dict[int, list[tuple[int, Any]]]
"""Fields of a message by number: wire type with an integer or bytes."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_DOUBLE = struct.Struct("<d")
_EPOCH = date(1970, 1, 1)
_SCALARS = frozenset({"BOOLEAN", "INTEGER", "BIGINT", "DOUBLE", "STRING", "BYTES"})
_DEFAULTS: dict[str, Any] = {"BOOLEAN": False, "INTEGER": 0, "BIGINT": 0, "DOUBLE": 0.0, "STRING": ""}
_FIRST_MESSAGE = b"\x00"
"""After the schema's id: which message of the schema it is; the first one is a single zero."""


class ProtobufFormat(Format):
    """Protobuf messages."""

    can_wrap = True
    maps = "PROTOBUF format only supports MAP types with STRING keys"
    can_unwrap = False

    def __init__(self, name: str, framed: bool) -> None:
        self.name = name
        self._framed = framed
        self.needs_registry = framed

    def unsupported(self, of: SqlType, is_key: bool) -> SqlType | None:
        for one in nested_types(of):
            if isinstance(one, types.Map) and (is_key or one.key != types.STRING):
                return one
        return None

    def encoder(self, target: Target) -> Encoder:
        if target.is_key and not target.columns:
            return lambda row: None
        given = target.properties.get("schema_id")
        registered = target.schemas.by_id(int(given)) if given is not None else None
        if self._framed and registered is not None:
            return _encoder_by(registered, target)
        fields, nullable = _fields(target), target.properties.get("nullable")
        write = message_writer(fields, nullable)
        if not self._framed:
            return write
        header = frame(target.schemas.register(target.subject, "PROTOBUF", _own_text(target))) + _FIRST_MESSAGE
        return lambda row: header + write(row)

    def decoder(self, target: Target) -> Decoder:
        read = message_reader(_fields(target), target.properties.get("nullable"))
        if not self._framed:
            return lambda data: tuple(read(data))
        own = _own_text(target)
        readers: dict[tuple[int, tuple[int, ...]], Callable[[bytes], Sequence[Any]]] = {}

        def decode(data: bytes) -> Row:
            schema_id, body = unframe(data)
            path, at = _message_path(body)
            reader = readers.get((schema_id, path))
            if reader is None:
                registered = target.schemas.by_id(schema_id)
                own_reader = registered is None or registered.text == own
                reader = read if own_reader or registered is None else _reader_by(registered, path, target)
                readers[schema_id, path] = reader
            return tuple(reader(body[at:]))

        return decode

    def infer(self, target: Target, schema: RegisteredSchema) -> tuple[Column, ...]:
        if not self._framed:
            return super().infer(target, schema)
        from pocket_ksql.formats.proto_schema import ProtoSchema

        found = ProtoSchema.of(schema)
        place = Place.KEY if target.is_key else Place.VALUE
        fields = found.fields(found.message(target.properties.get("full_schema_name")))
        if "schema_id" not in target.properties:
            return tuple(Column(name.upper(), _in_upper_case(of), place) for name, of in fields)
        return tuple(Column(name, of, place) for name, of in fields)


def _fields(target: Target) -> Fields:
    return [(column.name, column.type) for column in target.columns]


def _own_text(target: Target) -> str:
    """The schema that is registered for columns as they are."""
    name = target.properties.get("full_schema_name", "ConnectDefault1")
    return proto_text(name, _fields(target), target.properties.get("nullable"))


def _in_upper_case(of: SqlType) -> SqlType:
    match of:
        case types.Struct(fields):
            return types.Struct(tuple((name.upper(), _in_upper_case(one)) for name, one in fields))
        case types.Array(item):
            return types.Array(_in_upper_case(item))
        case types.Map(key, value):
            return types.Map(key, _in_upper_case(value))
    return of


# --- schemas of others -------------------------------------------------------------------------------------------
# What reads them takes a while to load, and is loaded only where such a schema is met.


def _encoder_by(schema: RegisteredSchema, target: Target) -> Encoder:
    from pocket_ksql.formats.proto_message import row_writer
    from pocket_ksql.formats.proto_schema import ProtoSchema, path_of

    message = ProtoSchema.of(schema).message(target.properties.get("full_schema_name"))
    path = path_of(message)
    indexes = b"\x00" if path == (0,) else b"".join(varint(part << 1) for part in (len(path), *path))
    header, write = frame(schema.id) + indexes, row_writer(message, target.columns)
    return lambda row: header + write(row)


def _reader_by(schema: RegisteredSchema, path: tuple[int, ...], target: Target) -> Callable[[bytes], Sequence[Any]]:
    from pocket_ksql.formats.proto_message import row_reader
    from pocket_ksql.formats.proto_schema import ProtoSchema

    try:
        return row_reader(ProtoSchema.of(schema).at(path), target.columns)
    except (KsqlStatementError, IndexError) as error:
        raise RecordError(f"Protobuf data of schema {schema.id} cannot be read: {error}") from None


def _message_path(body: bytes) -> tuple[tuple[int, ...], int]:
    """Which message of its schema follows, as indexes in zigzag numbers, and where it begins."""
    count, at = read_varint(body, 0)
    if count == 0:
        return (0,), at
    path = []
    for _ in range(count >> 1):
        index, at = read_varint(body, at)
        path.append(index >> 1)
    return tuple(path), at


# --- the wire ----------------------------------------------------------------------------------------------------


def varint(value: int) -> bytes:
    """A whole number in seven bits a byte; negative ones in ten bytes, as two's complement."""
    value &= 0xFFFFFFFFFFFFFFFF
    parts = bytearray()
    while value >= 0x80:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at a position, and the position after it."""
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise RecordError("Protobuf data ends within a number")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def split(data: bytes) -> Raw:
    """The fields of a message by number, in order of appearance."""
    fields: Raw = {}
    at = 0
    while at < len(data):
        tag, at = read_varint(data, at)
        wire = tag & 7
        value: Any
        if wire == _VARINT:
            value, at = read_varint(data, at)
        else:
            if wire == _BYTES:
                size, at = read_varint(data, at)
            elif wire in (_FIXED64, _FIXED32):
                size = 8 if wire == _FIXED64 else 4
            else:
                raise RecordError(f"Protobuf data has the unknown wire type {wire}")
            if at + size > len(data):
                raise RecordError("Protobuf data ends within a field")
            value, at = data[at : at + size], at + size
        fields.setdefault(tag >> 3, []).append((wire, value))
    return fields


def _signed(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def _tagged(number: int, wire: int) -> bytes:
    return varint(number << 3 | wire)


def _sized(number: int, data: bytes) -> bytes:
    return _tagged(number, _BYTES) + varint(len(data)) + data


# --- writing -----------------------------------------------------------------------------------------------------


def message_writer(fields: Fields, nullable: str | None) -> Callable[[Sequence[Any]], bytes]:
    """Writes the values of ``fields`` as a message."""
    writers = [_writer(number, of, nullable) for number, (_, of) in enumerate(fields, 1)]

    def write(row: Sequence[Any]) -> bytes:
        return b"".join([one(value) for one, value in zip(writers, row, strict=True) if value is not None])

    return write


def _scalar(of: SqlType) -> tuple[int, Callable[[Any], bytes]]:
    """Wire type of a scalar and what writes its bytes (without tag or length)."""
    match of.base():
        case "DOUBLE":
            return _FIXED64, _DOUBLE.pack
        case "STRING":
            return _BYTES, str.encode
        case "BYTES":
            return _BYTES, bytes
    return _VARINT, varint


def _writer(number: int, of: SqlType, nullable: str | None) -> Callable[[Any], bytes]:
    if of.base() in _SCALARS:
        return _scalar_writer(number, of, nullable)
    match of:
        case types.Array(item):
            return _array_writer(number, item)
        case types.Map(key, value):
            entry = message_writer([("key", key), ("value", value)], None)
            return lambda values: b"".join([_sized(number, entry(pair)) for pair in values.items()])
    message = _message(of)
    return lambda value: _sized(number, message(value))


def _scalar_writer(number: int, of: SqlType, nullable: str | None) -> Callable[[Any], bytes]:
    wire, write = _scalar(of)
    default = _DEFAULTS.get(of.base(), b"")
    tag = _tagged(number, wire)

    def plain(value: Any) -> bytes:
        data = write(value)
        return tag + (varint(len(data)) + data if wire == _BYTES else data)

    if nullable == "OPTIONAL":
        return plain
    if nullable == "WRAPPER":
        inside = _scalar_writer(1, of, None)
        return lambda value: _sized(number, inside(value))
    return lambda value: b"" if value == default else plain(value)


def _array_writer(number: int, item: SqlType) -> Callable[[list[Any]], bytes]:
    if item.base() in _SCALARS:
        wire, write = _scalar(item)
        default = _DEFAULTS.get(item.base(), b"")
        if wire != _BYTES:
            return lambda values: _packed(number, [write(default if one is None else one) for one in values])
        return lambda values: b"".join([_sized(number, write(default if one is None else one)) for one in values])
    one = _writer(number, item, "OPTIONAL")
    return lambda values: b"".join([_sized(number, b"") if value is None else one(value) for value in values])


def _packed(number: int, items: list[bytes]) -> bytes:
    return _sized(number, b"".join(items)) if items else b""


def _message(of: SqlType) -> Callable[[Any], bytes]:
    """Writes the message that stands for a value which is no scalar."""
    match of:
        case types.Struct(fields):
            write = message_writer(fields, None)
            names = [name for name, _ in fields]
            return lambda value: write([value.get(name) for name in names])
        case types.Decimal(precision, scale):
            return lambda value: _decimal(value, precision, scale)
        case types.DATE:
            whole = message_writer([(name, types.INTEGER) for name in ("year", "month", "day")], None)
            return lambda value: whole(_day(value))
        case types.TIME:
            parts = message_writer([(name, types.INTEGER) for name in ("hours", "minutes", "seconds", "nanos")], None)
            return lambda value: parts(
                (value // 3_600_000, value // 60_000 % 60, value // 1000 % 60, value % 1000 * 1_000_000)
            )
    moment = message_writer([("seconds", types.BIGINT), ("nanos", types.INTEGER)], None)
    return lambda value: moment((value // 1000, value % 1000 * 1_000_000))


def _day(value: int) -> tuple[int, int, int]:
    day = _EPOCH + timedelta(days=value)
    return day.year, day.month, day.day


def _decimal(value: Decimal, precision: int, scale: int) -> bytes:
    unscaled = int(value.scaleb(scale))
    data = unscaled.to_bytes((unscaled + (unscaled < 0)).bit_length() // 8 + 1, "big", signed=True)
    return _sized(1, data) + _tagged(2, _VARINT) + varint(precision) + _tagged(3, _VARINT) + varint(scale)


# --- reading -----------------------------------------------------------------------------------------------------


def message_reader(fields: Fields, nullable: str | None) -> Callable[[bytes], list[Any]]:
    """Reads a message as the values of ``fields``."""
    readers = [(number, _reader(of, nullable)) for number, (_, of) in enumerate(fields, 1)]

    def read(data: bytes) -> list[Any]:
        found = split(data)
        return [reader(found.get(number, [])) for number, reader in readers]

    return read


def _read_scalar(of: SqlType, wire: int, value: Any) -> Any:
    base = of.base()
    if wire != _scalar(of)[0]:
        raise RecordError(f"Protobuf field of wire type {wire} cannot be read as {of}")
    match base:
        case "DOUBLE":
            return _DOUBLE.unpack(value)[0]
        case "STRING":
            try:
                return value.decode()
            except UnicodeDecodeError as error:
                raise RecordError(f"not UTF-8: {error.reason} at byte {error.start}") from None
        case "BOOLEAN":
            return bool(value)
        case "INTEGER":
            return _signed(value, 32)
        case "BIGINT":
            return _signed(value, 64)
    return value


def _reader(of: SqlType, nullable: str | None) -> Callable[[list[tuple[int, Any]]], Any]:
    if of.base() in _SCALARS:
        default = None if nullable == "OPTIONAL" else _DEFAULTS.get(of.base())
        if nullable == "WRAPPER":
            inside = message_reader([("value", of)], None)
            return lambda found: inside(_last(found))[0] if found else None
        return lambda found: _read_scalar(of, *found[-1]) if found else default
    match of:
        case types.Array(item):
            return lambda found: list(_items(item, found))
        case types.Map(key, value):
            entry = message_reader([("key", key), ("value", value)], None)
            return lambda found: {pair[0]: pair[1] for pair in (entry(_sub(one)) for one in found)}
    message = _message_reader(of)
    return lambda found: message(_last(found)) if found else None


def _sub(one: tuple[int, Any]) -> bytes:
    wire, value = one
    if wire != _BYTES:
        raise RecordError(f"Protobuf field of wire type {wire} is no message")
    data: bytes = value
    return data


def _last(found: list[tuple[int, Any]]) -> bytes:
    return _sub(found[-1])


def _items(item: SqlType, found: list[tuple[int, Any]]) -> Iterator[Any]:
    if item.base() not in _SCALARS:
        read = _reader(item, None)
        yield from (read([one]) for one in found)
        return
    wire = _scalar(item)[0]
    for kind, value in found:
        if kind == wire:
            yield _read_scalar(item, kind, value)
        elif kind == _BYTES and wire == _FIXED64:
            yield from (_read_scalar(item, wire, value[at : at + 8]) for at in range(0, len(value) - 7, 8))
        elif kind == _BYTES:
            at = 0
            while at < len(value):
                number, at = read_varint(value, at)
                yield _read_scalar(item, wire, number)


def _message_reader(of: SqlType) -> Callable[[bytes], Any]:
    match of:
        case types.Struct(fields):
            read = message_reader(fields, None)
            names = [name for name, _ in fields]
            return lambda data: dict(zip(names, read(data), strict=True))
        case types.Decimal(_, scale):
            return lambda data: _read_decimal(data, scale)
        case types.DATE:
            whole = message_reader([(name, types.INTEGER) for name in ("year", "month", "day")], None)
            return lambda data: _read_date(whole(data))
        case types.TIME:
            parts = message_reader([(name, types.INTEGER) for name in ("hours", "minutes", "seconds", "nanos")], None)
            return lambda data: _read_time(parts(data))
    moment = message_reader([("seconds", types.BIGINT), ("nanos", types.INTEGER)], None)
    return lambda data: _read_moment(moment(data))


def _read_decimal(data: bytes, scale: int) -> Decimal:
    found = split(data)
    unscaled = int.from_bytes(_last(found[1]), "big", signed=True) if 1 in found else 0
    return Decimal(unscaled).scaleb(-scale)


def _read_date(parts: list[int]) -> int:
    try:
        return (date(*parts) - _EPOCH).days
    except ValueError as error:
        raise RecordError(f"{parts} is no date: {error}") from None


def _read_time(parts: list[int]) -> int:
    hours, minutes, seconds, nanos = parts
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + nanos // 1_000_000


def _read_moment(parts: list[int]) -> int:
    return parts[0] * 1000 + parts[1] // 1_000_000


# --- the schema's text ---------------------------------------------------------------------------------------------

_NAMES = {"BOOLEAN": "bool", "INTEGER": "int32", "BIGINT": "int64", "DOUBLE": "double", "STRING": "string",
          "BYTES": "bytes", "DECIMAL": "confluent.type.Decimal", "DATE": "google.type.Date",
          "TIME": "google.type.TimeOfDay", "TIMESTAMP": "google.protobuf.Timestamp"}  # fmt: skip
_IMPORTS = {"DECIMAL": "confluent/type/decimal.proto", "DATE": "google/type/date.proto",
            "TIME": "google/type/timeofday.proto", "TIMESTAMP": "google/protobuf/timestamp.proto"}  # fmt: skip
_WRAPPERS = {"BOOLEAN": "BoolValue", "INTEGER": "Int32Value", "BIGINT": "Int64Value", "DOUBLE": "DoubleValue",
             "STRING": "StringValue", "BYTES": "BytesValue"}  # fmt: skip


def proto_text(
    full_name: str,
    fields: Fields,
    nullable: str | None,
    nested_name: Callable[[str], str] | None = None,
    blank_lines: bool = False,
) -> str:
    """The schema in proto3's language, as it is registered.

    ``nested_name`` names the message of a field; ``blank_lines`` sets nested messages apart.
    """
    package, _, name = full_name.rpartition(".")
    used = {one.base() for _, of in fields for one in nested_types(of)}
    imports = [path for base, path in _IMPORTS.items() if base in used]
    if nullable == "WRAPPER":
        imports.append("google/protobuf/wrappers.proto")
    lines = ['syntax = "proto3";']
    lines += [f"package {package};"] if package else []
    lines += [f'import "{path}";' for path in imports]
    message = _message_text(name, fields, nullable, nested_name, blank_lines)
    return "\n".join([*lines, "", *message, ""])


def _message_text(
    name: str, fields: Fields, nullable: str | None, nested_name: Callable[[str], str] | None, blank_lines: bool
) -> list[str]:
    lines, nested = [f"message {name} {{"], []
    for number, (field, of) in enumerate(fields, 1):
        item = of.item if isinstance(of, types.Array) else of
        label = "repeated " if isinstance(of, types.Array) else ""
        kind = _NAMES.get(item.base(), "")
        inner: Fields | None = None
        if isinstance(item, types.Struct):
            kind, inner = f"{field}_Message", item.fields
        elif isinstance(item, types.Map):
            kind, label, inner = f"{field}_Entry", "repeated ", [("key", item.key), ("value", item.value)]
        elif of is item and of.base() in _SCALARS and nullable == "OPTIONAL":
            label = "optional "
        elif of is item and of.base() in _SCALARS and nullable == "WRAPPER":
            kind = f"google.protobuf.{_WRAPPERS[of.base()]}"
        if inner is not None:
            kind = nested_name(kind) if nested_name else kind
            nested += [""] if blank_lines else []
            nested += _message_text(kind, inner, None, nested_name, blank_lines)
        lines.append(f"  {label}{kind} {field} = {number};")
    return [*lines, *(f"  {line}" if line else "" for line in nested), "}"]

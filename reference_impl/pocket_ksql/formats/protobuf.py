"""PROTOBUF in Confluent's framing, and PROTOBUF_NOSR without: one message, fields numbered in the columns' order.

By proto3's rules a scalar that is absent reads as its default (0, false, empty text). The property
``…_PROTOBUF_NULLABLE_REPRESENTATION`` keeps NULL apart: OPTIONAL by presence, WRAPPER by a message around the value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError, RecordError
from pocket_ksql.formats.base import Decoder, Encoder, Format, Row, Target, map_without_text_keys
from pocket_ksql.formats.framing import frame, unframe
from pocket_ksql.formats.proto_reader import message_reader
from pocket_ksql.formats.proto_text import proto_text
from pocket_ksql.formats.proto_wire import (
    Fields,
    read_varint,
    varint,
)
from pocket_ksql.formats.proto_writer import message_writer
from pocket_ksql.schema import Column, Place
from pocket_ksql.services import RegisteredSchema
from pocket_ksql.types import SqlType

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
        return map_without_text_keys(of, is_key)

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

"""Registered Protobuf schemas: their messages, the columns they stand for, and where a message is in its file."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import timestamp_pb2, wrappers_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor
from google.protobuf.descriptor_pool import DescriptorPool

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.formats.proto_parser import ProtoFile, parse
from pocket_ksql.services import RegisteredSchema
from pocket_ksql.types import SqlType

_KNOWN = {
    "google/type/date.proto": "package google.type; message Date {int32 year = 1; int32 month = 2; int32 day = 3;}",
    "google/type/timeofday.proto": "package google.type; message TimeOfDay "
    "{int32 hours = 1; int32 minutes = 2; int32 seconds = 3; int32 nanos = 4;}",
    "confluent/type/decimal.proto": "package confluent.type; message Decimal "
    "{bytes value = 1; uint32 precision = 2; int32 scale = 3;}",
    "confluent/meta.proto": "package confluent;",
}
_WELL_KNOWN = {"google/protobuf/timestamp.proto": timestamp_pb2, "google/protobuf/wrappers.proto": wrappers_pb2}
_FILE = "schema.proto"

_SCALARS: Mapping[int, SqlType] = {
    FieldDescriptor.TYPE_BOOL: types.BOOLEAN,
    FieldDescriptor.TYPE_INT32: types.INTEGER,
    FieldDescriptor.TYPE_SINT32: types.INTEGER,
    FieldDescriptor.TYPE_SFIXED32: types.INTEGER,
    FieldDescriptor.TYPE_UINT32: types.BIGINT,
    FieldDescriptor.TYPE_FIXED32: types.BIGINT,
    FieldDescriptor.TYPE_INT64: types.BIGINT,
    FieldDescriptor.TYPE_UINT64: types.BIGINT,
    FieldDescriptor.TYPE_SINT64: types.BIGINT,
    FieldDescriptor.TYPE_FIXED64: types.BIGINT,
    FieldDescriptor.TYPE_SFIXED64: types.BIGINT,
    FieldDescriptor.TYPE_FLOAT: types.DOUBLE,
    FieldDescriptor.TYPE_DOUBLE: types.DOUBLE,
    FieldDescriptor.TYPE_STRING: types.STRING,
    FieldDescriptor.TYPE_BYTES: types.BYTES,
    FieldDescriptor.TYPE_ENUM: types.STRING,
}
_MESSAGES: Mapping[str, SqlType] = {
    "google.protobuf.Timestamp": types.TIMESTAMP,
    "google.type.Date": types.DATE,
    "google.type.TimeOfDay": types.TIME,
    "google.protobuf.BoolValue": types.BOOLEAN,
    "google.protobuf.Int32Value": types.INTEGER,
    "google.protobuf.UInt32Value": types.BIGINT,
    "google.protobuf.Int64Value": types.BIGINT,
    "google.protobuf.UInt64Value": types.BIGINT,
    "google.protobuf.FloatValue": types.DOUBLE,
    "google.protobuf.DoubleValue": types.DOUBLE,
    "google.protobuf.StringValue": types.STRING,
    "google.protobuf.BytesValue": types.BYTES,
}
WRAPPERS = frozenset(name for name in _MESSAGES if name.endswith("Value"))
DECIMAL = "confluent.type.Decimal"
_DEFAULT_DECIMAL = (64, 0)


@dataclass(frozen=True)
class ProtoSchema:
    """A registered schema; raises ``KsqlStatementError`` where it is none, or refers to what is not there."""

    file: FileDescriptor
    parameters: Mapping[tuple[str, int], Mapping[str, str]]

    @staticmethod
    def of(schema: RegisteredSchema) -> ProtoSchema:
        pool = DescriptorPool()
        parsed = _parsed(schema.text, _FILE)
        texts = {**_KNOWN, **dict(schema.references)}
        try:
            _add(pool, parsed, texts, set())
            found = pool.FindFileByName(_FILE)
        except (TypeError, KeyError) as error:
            raise KsqlStatementError(f"The Protobuf schema {schema.id} is not valid: {error}") from None
        return ProtoSchema(found, parsed.parameters)

    def message(self, full_name: str | None) -> Descriptor:
        """A message by its full name; the first one without a name. Raises ``KsqlStatementError``."""
        messages = list(self._messages(self.file.message_types_by_name.values()))
        for one in messages:
            if full_name in (None, one.full_name):
                return one
        raise KsqlStatementError(f"Schema name {full_name} not found in schema registry.")

    def _messages(self, messages: Any) -> Iterator[Descriptor]:
        for one in messages:
            yield one
            yield from self._messages(one.nested_types)

    def at(self, path: tuple[int, ...]) -> Descriptor:
        """The message at a path of indexes: first among the file's messages, then among nested ones."""
        found = list(self.file.message_types_by_name.values())[path[0]]
        for index in path[1:]:
            found = found.nested_types[index]
        return found

    def type_of(self, one: FieldDescriptor) -> SqlType | None:
        """The SQL type of a field; ``None`` for a message that contains itself, or a map whose keys are no text."""
        of = self._single(one)
        if of is None or not is_repeated(one):
            return of
        if one.message_type is not None and one.message_type.GetOptions().map_entry:
            assert isinstance(of, types.Struct)
            (_, key), (_, value) = of.fields
            return types.Map(key, value) if key == types.STRING else None
        return types.Array(of)

    def _single(self, one: FieldDescriptor) -> SqlType | None:
        if one.message_type is None:
            return _SCALARS.get(one.type)
        name = one.message_type.full_name
        if name == DECIMAL:
            given = self.parameters.get((one.containing_type.full_name, one.number), {})
            precision, scale = (
                int(given.get(key, default))
                for key, default in zip(("precision", "scale"), _DEFAULT_DECIMAL, strict=True)
            )
            return types.Decimal(min(precision, 38), scale)
        if name in _MESSAGES:
            return _MESSAGES[name]
        return None if _contains_itself(one.message_type) else types.Struct(tuple(self.fields(one.message_type)))

    def fields(self, message: Descriptor) -> Iterator[tuple[str, SqlType]]:
        """Names and types of a message's fields; a oneof is a STRUCT, of which one field is not NULL."""
        named = [one for one in message.oneofs if not is_optional(one.fields[0])]
        inside = {one.number for oneof in named for one in oneof.fields}
        for one in message.fields:
            of = self.type_of(one)
            if of is not None and one.number not in inside:
                yield one.name, of
        for index, oneof in enumerate(named):
            parts = [(one.name, self.type_of(one)) for one in oneof.fields]
            yield f"{oneof.name}_{index}", types.Struct(tuple((name, of) for name, of in parts if of is not None))


def is_repeated(one: FieldDescriptor) -> bool:
    return bool(one.is_repeated)


def is_optional(one: FieldDescriptor) -> bool:
    """Whether a field is an ``optional`` of proto3: alone in a oneof that nobody wrote."""
    oneof = one.containing_oneof
    return oneof is not None and len(oneof.fields) == 1 and oneof.name == f"_{one.name}"


def path_of(message: Descriptor) -> tuple[int, ...]:
    """Where a message is in its file, as the framing says it."""
    parent = message.containing_type
    siblings = message.file.message_types_by_name.values() if parent is None else parent.nested_types
    index = [one.full_name for one in siblings].index(message.full_name)
    return (index,) if parent is None else (*path_of(parent), index)


def _contains_itself(message: Descriptor, outer: tuple[str, ...] = ()) -> bool:
    if message.full_name in outer:
        return True
    inner = (one.message_type for one in message.fields if one.message_type is not None)
    return any(_contains_itself(one, (*outer, message.full_name)) for one in inner)


def _add(pool: DescriptorPool, parsed: ProtoFile, texts: Mapping[str, str], done: set[str]) -> None:
    for name in parsed.descriptor.dependency:
        if name in done:
            continue
        done.add(name)
        if name in _WELL_KNOWN:
            pool.AddSerializedFile(_WELL_KNOWN[name].DESCRIPTOR.serialized_pb)
        elif name in texts:
            prefix = 'syntax = "proto3"; ' if name in _KNOWN else ""
            _add(pool, _parsed(prefix + texts[name], name), texts, done)
        else:
            raise KsqlStatementError(f"The Protobuf schema imports {name}, which is not among its references.")
    pool.Add(parsed.descriptor)


def _parsed(text: str, name: str) -> ProtoFile:
    if "syntax" in text or "message" in text:
        return parse(text, name)
    try:
        descriptor = base64.b64decode(text, validate=True)
    except ValueError:
        return parse(text, name)
    found = ProtoFile(parse("", name).descriptor)
    found.descriptor.ParseFromString(descriptor)
    found.descriptor.name = name
    return found

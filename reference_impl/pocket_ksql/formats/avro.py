"""AVRO in Confluent's framing: schemas as ksqlDB registers them, a writer compiled from the schema.

Reading takes the schema that the data was written with from the registry and resolves fields by name.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from typing import Any

import fastavro

from pocket_ksql import types
from pocket_ksql.errors import RecordError
from pocket_ksql.formats import avro_schema
from pocket_ksql.formats.avro_message import row_writer
from pocket_ksql.formats.avro_names import whole
from pocket_ksql.formats.avro_reader import compile_reader
from pocket_ksql.formats.avro_unions import spelled_out
from pocket_ksql.formats.avro_writer import compile_writer
from pocket_ksql.formats.base import Decoder, Encoder, Format, Row, Target, map_without_text_keys, nested_types
from pocket_ksql.formats.conversion import conversion
from pocket_ksql.formats.framing import frame, unframe
from pocket_ksql.schema import Column
from pocket_ksql.services import RegisteredSchema
from pocket_ksql.types import SqlType

_READ_ERRORS = (EOFError, ValueError, IndexError, KeyError, TypeError, StopIteration, OverflowError)


class AvroFormat(Format):
    """Avro records (or, for a single unwrapped column, bare values)."""

    name = "AVRO"
    needs_registry = True
    can_wrap = True
    maps = "Avro only supports MAPs with STRING keys"

    def unsupported(self, of: SqlType, is_key: bool) -> SqlType | None:
        return map_without_text_keys(of, is_key)

    def check(self, columns: Iterable[Column], is_key: bool) -> None:
        columns = tuple(columns)
        super().check(columns, is_key)
        for column in columns:
            avro_schema.check_name(column.name)
            for of in nested_types(column.type):
                for name, _ in of.fields if isinstance(of, types.Struct) else ():
                    avro_schema.check_name(name)

    def encoder(self, target: Target) -> Encoder:
        given = target.properties.get("schema_id")
        registered = target.schemas.by_id(int(given)) if given is not None else None
        if registered is not None:
            return _encoder_by(registered, target)
        schema = avro_schema.schema_of(target)
        header = frame(target.schemas.register(target.subject, "AVRO", json.dumps(schema)))
        return compile_writer(target, header)

    def decoder(self, target: Target) -> Decoder:
        readers: dict[int, Callable[[bytes], Row | None]] = {}

        def decode(data: bytes) -> Row | None:
            schema_id, body = unframe(data)
            reader = readers.get(schema_id)
            if reader is None:
                reader = readers[schema_id] = _reader(target, schema_id)
            return reader(body)

        return decode

    def infer(self, target: Target, schema: RegisteredSchema) -> tuple[Column, ...]:
        return avro_schema.columns_of(target, whole(schema))


def _encoder_by(schema: RegisteredSchema, target: Target) -> Encoder:
    header, write = frame(schema.id), row_writer(whole(schema), target)

    def encode(row: Row) -> bytes | None:
        data = write(row)
        return None if data is None else header + data

    return encode


def _reader(target: Target, schema_id: int) -> Callable[[bytes], Row | None]:
    found = target.schemas.by_id(schema_id)
    if found is None:
        raise RecordError(f"Schema {schema_id} is not in the registry")
    schema = fastavro.parse_schema(spelled_out(_plain(whole(found))))
    unwrapped = not target.wrapped and len(target.columns) == 1
    reads = [(column.name, conversion(column.type)) for column in target.columns]

    def read(body: bytes) -> Row | None:
        try:
            value = fastavro.schemaless_reader(io.BytesIO(body), schema, None)
        except _READ_ERRORS as error:
            raise RecordError(f"Failed to deserialize Avro with schema {schema_id}: {error}") from None
        if unwrapped:
            return (reads[0][1](value),)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise RecordError(f"Expected an Avro record but got {type(value).__name__}")
        if not all(name in value for name, _ in reads):
            folded = {name.upper(): one for name, one in value.items()}
            value = {**folded, **value}
        return tuple(convert(value.get(name)) for name, convert in reads)

    if unwrapped:
        return read
    return compile_reader(schema, target.columns, general=read) or read


def _plain(schema: Any) -> Any:
    """The schema without the logical types whose numbers and texts are taken as they are: all but decimals."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if isinstance(schema, dict):
        return {
            name: _plain(one) if name in ("type", "fields", "items", "values") else one
            for name, one in schema.items()
            if not (name == "logicalType" and one != "decimal")
        }
    return schema

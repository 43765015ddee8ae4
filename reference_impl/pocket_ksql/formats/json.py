"""JSON, and JSON_SR with Confluent's five bytes in front of it."""

from __future__ import annotations

import decimal
from typing import Any

import orjson

from pocket_ksql import types
from pocket_ksql.errors import RecordError
from pocket_ksql.formats.base import Decoder, Encoder, Format, Row, Target, map_without_text_keys, nested_types
from pocket_ksql.formats.framing import frame, unframe
from pocket_ksql.formats.json_given import encoder_by
from pocket_ksql.formats.json_reader import row_decoder
from pocket_ksql.formats.json_schema import columns_of_schema, json_schema
from pocket_ksql.formats.json_writer import row_encoder
from pocket_ksql.schema import Column
from pocket_ksql.services import RegisteredSchema
from pocket_ksql.text import exact_json
from pocket_ksql.types import SqlType


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
        return map_without_text_keys(of, is_key)

    def decoder(self, target: Target) -> Decoder:
        exact = any(isinstance(one, types.Decimal) for column in target.columns for one in nested_types(column.type))
        loads = _loads_exact if exact else _loads
        inner = row_decoder(target, loads, unions=self._framed)
        if not self._framed:
            return inner

        def decode(data: bytes) -> Row | None:
            return inner(unframe(data)[1])

        return decode

    def encoder(self, target: Target) -> Encoder:
        if not self._framed:
            return row_encoder(target)
        given = target.properties.get("schema_id")
        registered = target.schemas.by_id(int(given)) if given is not None else None
        if registered is not None:
            return encoder_by(registered, target)
        inner = row_encoder(target, unions=True)
        header = frame(target.schemas.register(target.subject, "JSON", json_schema(target)))

        def encode(row: Row) -> bytes | None:
            data = inner(row)
            return None if data is None else header + data

        return encode

    def infer(self, target: Target, schema: RegisteredSchema) -> tuple[Column, ...]:
        if not self._framed:
            return super().infer(target, schema)
        return columns_of_schema(target, schema.text)


def _unframed(data: bytes) -> bytes:
    """The JSON behind the five bytes that JSON_SR puts before it, if they are there: JSON reads both."""
    return data[5:] if data[:1] == b"\x00" else data


def _loads(data: bytes) -> Any:
    try:
        return orjson.loads(_unframed(data))
    except orjson.JSONDecodeError as error:
        raise RecordError(f"Failed to deserialize value from topic: no JSON: {error}") from None


def _loads_exact(data: bytes) -> Any:
    """Like ``_loads`` with every digit of numbers kept."""
    try:
        return exact_json(_unframed(data), decimal.Decimal)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"Failed to deserialize value from topic: no JSON: {error}") from None

"""KAFKA: the bytes of Kafka's own serialisers, one column only."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError, RecordError
from pocket_ksql.formats.base import Decoder, Encoder, Format, Row, Target
from pocket_ksql.types import SqlType

_PACKED = {"INTEGER": struct.Struct(">i"), "BIGINT": struct.Struct(">q"), "DOUBLE": struct.Struct(">d")}
_SUPPORTED = frozenset([*_PACKED, "STRING", "BYTES"])


class KafkaFormat(Format):
    """INTEGER, BIGINT and DOUBLE big-endian, STRING in UTF-8, BYTES as they are."""

    name = "KAFKA"

    def unsupported(self, of: SqlType, is_key: bool) -> SqlType | None:
        return None if of.base() in _SUPPORTED else of

    def check(self, columns: Any, is_key: bool) -> None:
        columns = tuple(columns)
        super().check(columns, is_key)
        if len(columns) > 1:
            listed = ", ".join(map(str, columns))
            raise KsqlStatementError(f"The 'KAFKA' format only supports a single field. Got: [{listed}]")

    def decoder(self, target: Target) -> Decoder:
        if not target.columns:
            return lambda data: ()
        read = _reader(target.columns[0].type)

        def decode(data: bytes) -> Row:
            return (read(data),)

        return decode

    def encoder(self, target: Target) -> Encoder:
        if not target.columns:
            return lambda row: None
        write = _writer(target.columns[0].type)

        def encode(row: Row) -> bytes | None:
            value = row[0]
            return None if value is None else write(value)

        return encode


def _reader(of: SqlType) -> Callable[[bytes], Any]:
    if of == types.STRING:
        return _text
    if of == types.BYTES:
        return bytes
    packed = _PACKED[of.base()]

    def read(data: bytes) -> Any:
        if len(data) != packed.size:
            raise RecordError(
                f"Size of data received by deserializer is not {packed.size}, as {of} needs, but {len(data)}"
            )
        return packed.unpack(data)[0]

    return read


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise RecordError(f"not UTF-8: {error.reason} at byte {error.start}") from None


def _writer(of: SqlType) -> Callable[[Any], bytes]:
    if of == types.STRING:
        return str.encode
    if of == types.BYTES:
        return bytes
    return _PACKED[of.base()].pack

"""Confluent's framing: a zero byte and the schema's id in four bytes, before the data."""

from __future__ import annotations

import struct

from pocket_ksql.errors import RecordError

_HEADER = struct.Struct(">bI")


def frame(schema_id: int) -> bytes:
    """The five bytes for a schema id."""
    return _HEADER.pack(0, schema_id)


def unframe(data: bytes) -> tuple[int, bytes]:
    """Schema id and data; raises ``RecordError`` if the first byte is not zero or there are too few."""
    if len(data) < _HEADER.size or data[0] != 0:
        raise RecordError("Unknown magic byte: the data does not begin with a zero byte and a schema id")
    return _HEADER.unpack_from(data)[1], data[_HEADER.size :]

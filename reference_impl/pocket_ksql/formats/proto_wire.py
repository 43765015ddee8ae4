"""Protobuf's wire format: varints, tags, lengths, and a message as its fields by number."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

from pocket_ksql.errors import RecordError
from pocket_ksql.types import SqlType

Fields = Sequence[tuple[str, SqlType]]
Raw = dict[int, list[tuple[int, Any]]]
"""Fields of a message by number: wire type with an integer or bytes."""

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
DOUBLE = struct.Struct("<d")
DEFAULTS: dict[str, Any] = {"BOOLEAN": False, "INTEGER": 0, "BIGINT": 0, "DOUBLE": 0.0, "STRING": ""}
SCALARS = frozenset({"BOOLEAN", "INTEGER", "BIGINT", "DOUBLE", "STRING", "BYTES"})


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
        if wire == VARINT:
            value, at = read_varint(data, at)
        else:
            if wire == BYTES:
                size, at = read_varint(data, at)
            elif wire in (FIXED64, FIXED32):
                size = 8 if wire == FIXED64 else 4
            else:
                raise RecordError(f"Protobuf data has the unknown wire type {wire}")
            if at + size > len(data):
                raise RecordError("Protobuf data ends within a field")
            value, at = data[at : at + size], at + size
        fields.setdefault(tag >> 3, []).append((wire, value))
    return fields


def signed(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def tagged(number: int, wire: int) -> bytes:
    return varint(number << 3 | wire)


def sized(number: int, data: bytes) -> bytes:
    return tagged(number, BYTES) + varint(len(data)) + data


def scalar(of: SqlType) -> tuple[int, Callable[[Any], bytes]]:
    """Wire type of a scalar and what writes its bytes (without tag or length)."""
    match of.base():
        case "DOUBLE":
            return FIXED64, DOUBLE.pack
        case "STRING":
            return BYTES, str.encode
        case "BYTES":
            return BYTES, bytes
    return VARINT, varint

"""A writer of Avro compiled from the columns: runs of DOUBLE columns become one ``struct.pack``.

Every value is a union of null and its type, so that a field is one byte (0 for null, 2 for a value, which is how Avro
writes the branches 0 and 1) and then the value.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from itertools import groupby
from typing import Any

from pocket_ksql import types
from pocket_ksql.decimals import to_bytes
from pocket_ksql.errors import RecordError
from pocket_ksql.formats.base import Encoder, Target
from pocket_ksql.types import SqlType
from pocket_ksql.writer import Writer

_DOUBLE = struct.Struct("<d").pack
Write = Callable[[Any], bytes]


def long_bytes(value: int) -> bytes:
    """An int or long of Avro: zigzag, then seven bits a byte.

    >>> long_bytes(-1), long_bytes(64)
    (b'\\x01', b'\\x80\\x01')
    """
    value = (value << 1) ^ (value >> 63)
    data = b""
    while value >= 0x80:
        data += _CONTINUED[value & 0x7F]
        value >>= 7
    return data + _SMALL[value]


_SMALL = [bytes([value]) for value in range(0x80)]
_CONTINUED = [bytes([value | 0x80]) for value in range(0x80)]
"""Seven bits as the last byte of a number, and as one that others follow."""


def _text_bytes(value: str) -> bytes:
    data = value.encode()
    return long_bytes(len(data)) + data


def _blob(value: bytes) -> bytes:
    return long_bytes(len(value)) + value


def _boolean(value: bool) -> bytes:
    return b"\x01" if value else b"\x00"


_WRITERS: dict[str, Write] = {
    "BOOLEAN": _boolean,
    "INTEGER": long_bytes,
    "BIGINT": long_bytes,
    "DOUBLE": _DOUBLE,
    "STRING": _text_bytes,
    "BYTES": _blob,
    "TIME": long_bytes,
    "DATE": long_bytes,
    "TIMESTAMP": long_bytes,
}


def value_writer(of: SqlType) -> Write:
    """Writes a value of ``of`` that is not NULL."""
    match of:
        case types.Decimal(_, scale):
            return lambda value: _blob(to_bytes(value, scale))
        case types.Array(item):
            return _array(optional(item))
        case types.Map(key, value):
            return _map(optional(key), optional(value))
        case types.Struct(fields):
            parts = [(name, optional(one)) for name, one in fields]
            return lambda value: b"".join([write(value.get(name)) for name, write in parts])
    return _WRITERS[of.base()]


def optional(of: SqlType) -> Write:
    """Writes a value of ``of`` or NULL, with its branch of the union."""
    write = value_writer(of)
    return lambda value: b"\x00" if value is None else b"\x02" + write(value)


def _array(item: Write) -> Write:
    def write(values: list[Any]) -> bytes:
        if not values:
            return b"\x00"
        return long_bytes(len(values)) + b"".join([item(value) for value in values]) + b"\x00"

    return write


def _map(key: Write, value: Write) -> Write:
    def write(values: dict[Any, Any]) -> bytes:
        if not values:
            return b"\x00"
        entries = [key(one) + value(other) for one, other in values.items()]
        return long_bytes(len(values)) + b"".join(entries) + b"\x00"

    return write


def _doubles(count: int) -> tuple[Callable[..., bytes], Callable[..., bytes]]:
    """Packing of a run of DOUBLE fields: the quick way when none is NULL, and the way that also takes NULL."""
    pack = struct.Struct("<" + "Bd" * count).pack

    def with_nulls(*values: Any) -> bytes:
        return b"".join([b"\x00" if value is None else b"\x02" + _DOUBLE(value) for value in values])

    return pack, with_nulls


def compile_writer(target: Target, header: bytes) -> Encoder:
    """The encoder for ``target``; ``header`` goes before every value."""
    columns = target.columns
    if not target.wrapped and len(columns) == 1:
        write = value_writer(columns[0].type)
        return lambda row: None if row[0] is None else header + write(row[0])
    writer = Writer()
    names = [f"v{index}" for index in range(len(columns))]
    writer.names.update(
        header=header, RecordError=RecordError, StructError=struct.error, long_bytes=long_bytes, SMALL=_SMALL
    )
    parts = ["header"]
    with writer.block("def encode(row):"):
        if names:
            writer.line(f"{', '.join(names)}, = row")
        for is_double, group in groupby(zip(columns, names, strict=True), lambda pair: pair[0].type == types.DOUBLE):
            members = list(group)
            if is_double:
                parts.append(_double_run(writer, [name for _, name in members]))
            else:
                parts += [_one(writer, column.type, name) for column, name in members]
        writer.line(f"return b''.join(({', '.join(parts)},))")
    return writer.compile("encode")


def _double_run(writer: Writer, names: list[str]) -> str:
    pack, with_nulls = _doubles(len(names))
    run = writer.fresh("run")
    with writer.block("try:"):
        writer.line(f"{run} = {writer.bind(pack, 'pack')}({', '.join(f'2, {name}' for name in names)})")
    with writer.block("except StructError:"):
        writer.line(f"{run} = {writer.bind(with_nulls, 'pack')}({', '.join(names)})")
    return run


def _one(writer: Writer, of: SqlType, name: str) -> str:
    if of in (types.INTEGER, types.BIGINT):
        quick = f"b'\\x02' + SMALL[{name} << 1] if 0 <= {name} < 64 else b'\\x02' + long_bytes({name})"
        return f"b'\\x00' if {name} is None else {quick}"
    return f"b'\\x00' if {name} is None else b'\\x02' + {writer.bind(value_writer(of), 'write')}({name})"

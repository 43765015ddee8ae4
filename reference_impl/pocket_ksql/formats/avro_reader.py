"""A reader of Avro compiled from the schema that the data was written with: runs of doubles in one ``struct.unpack``.

It reads records whose fields are primitive, or unions of null and a primitive; and of those only the ones that are
laid out as most are. What it cannot read it leaves to the general reader, whose word is final.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pocket_ksql import types
from pocket_ksql.formats.base import Row
from pocket_ksql.schema import Column
from pocket_ksql.types import SqlType
from pocket_ksql.writer import Writer

Read = Callable[[bytes], Row | None]

_AS_THEY_ARE: Mapping[str, frozenset[SqlType]] = {
    "int": frozenset({types.INTEGER, types.BIGINT, types.DATE, types.TIME}),
    "long": frozenset({types.BIGINT, types.TIMESTAMP}),
    "double": frozenset({types.DOUBLE}),
    "string": frozenset({types.STRING}),
    "boolean": frozenset({types.BOOLEAN}),
}
"""Column types whose values are those of an Avro type, so that nothing is to be converted."""


@dataclass(frozen=True)
class _Field:
    """A field that can be read. ``tag`` is the byte that says "not null" where it is a union with null."""

    name: str
    kind: str
    tag: int | None
    variable: str


def compile_reader(schema: Any, columns: Sequence[Column], general: Read) -> Read | None:
    """The reader of bodies that were written with ``schema``, or None where it has types that are left alone.

    ``general`` reads any body; the compiled reader asks it where the data is not laid out as expected.
    """
    fields = _fields(schema)
    if fields is None:
        return None
    by_name = {field.name: field for field in fields}
    by_folded_name = {field.name.upper(): field for field in fields}
    found = [by_name.get(column.name) or by_folded_name.get(column.name) for column in columns]
    for column, field in zip(columns, found, strict=True):
        if field is not None and column.type not in _AS_THEY_ARE[field.kind]:
            return None
    writer = Writer()
    writer.names.update(general=general, varint=_varint, Unexpected=(IndexError, struct.error, UnicodeDecodeError))
    with writer.block("def read(data):"):
        writer.line("at = 0")
        with writer.block("try:"):
            for (kind, nullable), group in groupby(fields, lambda field: (field.kind, field.tag is not None)):
                if kind == "double":
                    _read_doubles(writer, list(group), nullable)
                else:
                    for field in group:
                        _read_one(writer, field)
            writer.line("if at > len(data): return general(data)")
        with writer.block("except Unexpected:"):
            writer.line("return general(data)")
        writer.line(f"return ({''.join(f'{field.variable if field else None}, ' for field in found)})")
    return writer.compile("read")


def _fields(schema: Any) -> list[_Field] | None:
    if not isinstance(schema, Mapping) or schema.get("type") != "record" or not schema["fields"]:
        return None
    fields = []
    for number, field in enumerate(schema["fields"]):
        kind, tag = _kind_and_tag(field["type"])
        if kind not in _AS_THEY_ARE:
            return None
        fields.append(_Field(field["name"], kind, tag, f"v{number}"))
    return fields


def _kind_and_tag(declared: Any) -> tuple[Any, int | None]:
    """A field's type and, for a union with null, the number of the other branch as Avro writes it."""
    if isinstance(declared, list) and len(declared) == 2 and "null" in declared:
        branch = 1 - declared.index("null")
        return _kind_and_tag(declared[branch])[0], 2 * branch
    if isinstance(declared, Mapping) and "logicalType" not in declared:
        return (declared["type"], None) if isinstance(declared["type"], str) else (None, None)
    return (declared, None) if isinstance(declared, str) else (None, None)


def _read_doubles(writer: Writer, fields: Sequence[_Field], nullable: bool) -> None:
    layout = struct.Struct("<" + ("Bd" if nullable else "d") * len(fields))
    run = writer.fresh("run")
    writer.line(f"{run} = {writer.bind(layout.unpack_from, 'unpack')}(data, at)")
    writer.line(f"at += {layout.size}")
    if nullable:
        tags = tuple(field.tag for field in fields)
        writer.line(f"if {run}[::2] != {tags}: return general(data)")
    writer.line(f"{', '.join(field.variable for field in fields)}, = {run}{'[1::2]' if nullable else ''}")


def _read_one(writer: Writer, field: _Field) -> None:
    if field.tag is None:
        _read_value(writer, field)
        return
    writer.line("tag = data[at]")
    writer.line("at += 1")
    with writer.block(f"if tag == {field.tag}:"):
        _read_value(writer, field)
    with writer.block(f"elif tag == {2 - field.tag}:"):
        writer.line(f"{field.variable} = None")
    with writer.block("else:"):
        writer.line("return general(data)")


def _read_value(writer: Writer, field: _Field) -> None:
    writer.line("number = data[at]")
    writer.line("at += 1")
    if field.kind == "boolean":
        writer.line("if number > 1: return general(data)")
        writer.line(f"{field.variable} = number == 1")
        return
    with writer.block("if number > 127:"):
        writer.line("number, at = varint(data, at - 1)")
    writer.line("number = (number >> 1) ^ -(number & 1)")
    if field.kind == "string":
        writer.line("if number < 0: return general(data)")
        writer.line(f"{field.variable} = data[at:at + number].decode()")
        writer.line("at += number")
    else:
        writer.line(f"{field.variable} = number")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The unsigned number at ``at`` (seven bits a byte, the lowest first), and where it ends."""
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7

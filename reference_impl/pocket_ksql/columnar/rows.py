"""What remains to be done row by row: keys, the condition, columns that are no vectors; as generated code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pocket_ksql.codegen.code import Code
from pocket_ksql.codegen.rows import RowCompiler, Scope
from pocket_ksql.codegen.sinks import key_encoder
from pocket_ksql.codegen.sources import PSEUDO, header_reader, key_decoder
from pocket_ksql.columnar.errors import UnusualError
from pocket_ksql.columnar.reading import row_reader
from pocket_ksql.formats.base import Encoder
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.language import expressions as ex
from pocket_ksql.planner.plan import Read
from pocket_ksql.schema import Column
from pocket_ksql.services import Schemas
from pocket_ksql.source import Source
from pocket_ksql.writer import Writer

Items = Sequence[tuple[Column, ex.Expression]]


@dataclass(frozen=True)
class RowPart:
    """The work on rows: ``conditions`` that they must meet, with labels; for each segment its ``items`` and encoder."""

    read: Read
    sink: Source
    fields: Sequence[Column]
    """The value's columns that are not read as vectors."""
    conditions: Sequence[tuple[ex.Expression, str]]
    segments: Sequence[tuple[Items, Encoder]]
    needed: frozenset[str]
    """Columns that are read as vectors and used here too."""


def compile_rows(
    part: RowPart, schemas: Schemas, functions: FunctionRegistry, properties: Mapping[str, Any]
) -> Callable[..., None]:
    """A function of ``(records, others, doubles, out)``.

    ``others`` (see `reading`) and ``doubles`` are iterables over columns' values. For each row that passes it appends
    its number, its key, its time and the bytes of each segment. Raises anything when a row is out of the ordinary.
    """
    schema = part.read.source.schema
    writer = Writer()
    rows = RowCompiler(functions, _failed, properties)
    doubles = [column for column in schema.value if column.name in part.needed]
    fields = [f"f{index}" for index in range(len(part.fields))]
    numbers = [f"d{index}" for index in range(len(doubles))]
    keys = [f"k{index}" for index in range(len(schema.key))]
    writer.names["decode_key"] = key_decoder(part.read.source, schemas)
    loop = f"for number, (record, {''.join(name + ', ' for name in [*fields, *numbers])}) in enumerate(batch):"
    with writer.block("def on_batch(records, others, doubles, out):"):
        writer.line("batch = zip(records, *others, *doubles)")
        with writer.block(loop):
            writer.line("key_bytes, value_bytes, rowtime, rowpartition, rowoffset, headers = record")
            if keys:
                writer.line(f"{', '.join(keys)}, = decode_key(key_bytes)")
            named = {one.name: Code(name, one.type, plain=True) for one, name in zip(schema.key, keys, strict=True)}
            named |= {one.name: Code(name, one.type, plain=True) for one, name in zip(doubles, numbers, strict=True)}
            for index, (column, field) in enumerate(zip(part.fields, fields, strict=True)):
                writer.line(f"v{index} = {row_reader(writer, column, field)}")
                named[column.name] = Code(f"v{index}", column.type, plain=True)
            for index, column in enumerate(schema.headers):
                writer.line(f"h{index} = {writer.bind(header_reader(column), 'header')}(headers)")
                named[column.name] = Code(f"h{index}", column.type, plain=True)
            columns = {**PSEUDO, **named}
            _write_row(writer, part, rows, Scope(columns, (), "rowtime"), schemas)
    return writer.compile("on_batch")


def _write_row(writer: Writer, part: RowPart, rows: RowCompiler, scope: Scope, schemas: Schemas) -> None:
    for predicate, label in part.conditions:
        with writer.block(f"if not ({rows.condition(writer, scope, predicate, label)}):"):
            writer.line("continue")
    encoded = "None"
    if part.sink.schema.key:
        values = "".join(f"{scope.columns[name].text}, " for name in part.read.key)
        encoded = f"{writer.bind(key_encoder(part.sink, schemas), 'encode_key')}(({values}))"
    segments = []
    for items, encode in part.segments:
        projected = rows.project(writer, scope, items)
        segments.append(f"{writer.bind(encode, 'encode')}({projected.row_text(column for column, _ in items)})")
    writer.line(f"out.append((number, {encoded}, rowtime, {', '.join(segments)}))")


def _failed(label: str, error: Exception) -> None:
    raise UnusualError(label) from error

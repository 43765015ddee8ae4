"""Generated code that reads the records of a source: key, value, headers, time, pseudo columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from pocket_ksql import types
from pocket_ksql.codegen.code import Code
from pocket_ksql.codegen.rows import Scope
from pocket_ksql.errors import RecordError
from pocket_ksql.formats import find_format
from pocket_ksql.formats.base import Decoder, Target
from pocket_ksql.formats.windowed import split_window
from pocket_ksql.functions.pattern_reader import compile_parser
from pocket_ksql.planner.plan import Read
from pocket_ksql.records import Headers, Record, Stage
from pocket_ksql.schema import Column
from pocket_ksql.services import Schemas
from pocket_ksql.source import FormatSpec, Source, TimestampSpec
from pocket_ksql.writer import Writer

PSEUDO = {
    "ROWTIME": Code("rowtime", types.BIGINT, nullable=False, plain=True),
    "ROWPARTITION": Code("rowpartition", types.INTEGER, nullable=False, plain=True),
    "ROWOFFSET": Code("rowoffset", types.BIGINT, nullable=False, plain=True),
    "WINDOWSTART": Code("windowstart", types.BIGINT, nullable=False, plain=True),
    "WINDOWEND": Code("windowend", types.BIGINT, nullable=False, plain=True),
}


def is_wrapped(spec: FormatSpec, columns: int, is_key: bool) -> bool:
    """Whether a single column stands in a record of one field."""
    if columns != 1 or not find_format(spec.name).can_unwrap:
        return True
    return not is_key and spec.properties.get("wrap", "true") == "true"


NO_PROPERTIES: Mapping[str, Any] = MappingProxyType({})
THROW_ON_INVALID = "ksql.timestamp.throw.on.invalid"
"""Whether a record whose time cannot be read ends the query, instead of being left out."""


def target_of(source: Source, schemas: Schemas, is_key: bool) -> Target:
    """What a format needs to know of the key or the value of ``source``."""
    spec = source.key_format if is_key else source.value_format
    columns = source.schema.key if is_key else source.schema.value
    wrapped = is_wrapped(spec, len(columns), is_key)
    return Target(source.topic, columns, schemas, is_key, wrapped, spec.properties)


def key_decoder(source: Source, schemas: Schemas) -> Callable[[bytes | None], tuple[Any, ...]]:
    """Reads the key's columns, and the bounds of its window after them."""
    count = len(source.schema.key)
    nulls = (None,) * count
    inner: Decoder = find_format(source.key_format.name).decoder(target_of(source, schemas, is_key=True))
    window = source.window
    if window is None:
        return lambda data: nulls if data is None else inner(data) or nulls

    def decode(data: bytes | None) -> tuple[Any, ...]:
        if data is None:
            return (*nulls, None, None)
        key, start, end = split_window(data, window)
        return (*(inner(key) or nulls), start, end)

    return decode


def timestamp_reader(spec: TimestampSpec, column: Column) -> Callable[[Any], int]:
    """Reads a record's time from the value of its TIMESTAMP column; raises ``RecordError``."""
    parse = compile_parser(spec.pattern) if spec.pattern is not None else None

    def read(value: Any) -> int:
        if value is None:
            raise RecordError(f"Failed to extract timestamp from row: column {spec.column} is NULL")
        try:
            moment = parse(value) if parse is not None else value
        except ValueError as error:
            raise RecordError(f"Failed to extract timestamp from row: {error}") from None
        if moment < 0:
            raise RecordError(f"Failed to extract timestamp from row: {moment} is negative")
        return int(moment)

    return read


def header_reader(column: Column) -> Callable[[Headers], Any]:
    """Reads a HEADERS or HEADER('name') column."""
    name = column.header
    if name is None:
        return lambda headers: [{"KEY": key, "VALUE": value} for key, value in headers]
    return lambda headers: next((value for key, value in reversed(headers) if key == name), None)


@contextmanager
def record_loop(
    writer: Writer,
    step: Read,
    schemas: Schemas,
    reject: Callable[..., None],
    on_null: Callable[[Scope], None],
    properties: Mapping[str, Any] = NO_PROPERTIES,
) -> Iterator[Scope]:
    """Write ``def on_records(records)`` with its loop; the body of the ``with`` writes what happens to each row.

    ``on_null`` writes what happens to a record whose value is null, before ``continue``.
    """
    source = step.source
    schema = source.schema
    writer.names.update(
        RecordError=RecordError,
        reject=reject,
        of_key=Stage.KEY,
        decode_key=key_decoder(source, schemas),
        decode_value=find_format(source.value_format.name).decoder(target_of(source, schemas, is_key=False)),
    )
    key_names = [f"k{index}" for index in range(len(schema.key))]
    value_names = [f"v{index}" for index in range(len(schema.value))]
    bounds = ["windowstart", "windowend"] if source.window is not None else []
    columns: dict[str, Code] = {}
    codes = [*map(_name_code, schema.key, key_names), *map(_name_code, schema.value, value_names)]
    with writer.block("def on_records(records):"), writer.block("for record in records:"):
        if "task" in writer.names:
            writer.line("task.record = record")
        writer.line("key_bytes, value_bytes, rowtime, rowpartition, rowoffset, headers = record")
        if key_names or bounds:
            with writer.block("try:"):
                writer.line(f"{', '.join([*key_names, *bounds])}, = decode_key(key_bytes)")
            with writer.block("except RecordError as error:"):
                writer.line("reject(record, error.message, of_key)")
                writer.line("continue")
        with writer.block("try:"):
            writer.line("row = None if value_bytes is None else decode_value(value_bytes)")
        with writer.block("except RecordError as error:"):
            writer.line("reject(record, error.message)")
            writer.line("continue")
        names = iter(codes)
        named = {column.name: next(names) for column in (*schema.key, *schema.value)}
        for column in schema.headers:
            named[column.name] = Code(f"h{len(named)}", column.type, plain=True)
            writer.line(f"{named[column.name].text} = {writer.bind(header_reader(column), 'header')}(headers)")
        for column in step.columns:
            plain = column.name.removeprefix(step.prefix)
            columns[column.name] = named[plain] if plain in named else PSEUDO[plain]
        key = tuple(columns[name].text for name in step.key) + tuple(bounds)
        scope = Scope(columns, key, "rowtime")
        with writer.block("if row is None:"):
            on_null(scope)
            writer.line("continue")
        if value_names:
            writer.line(f"{', '.join(value_names)}, = row")
        if source.timestamp is not None:
            throws = str(properties.get(THROW_ON_INVALID, "false")).lower() == "true"
            _write_timestamp(writer, source, named, throws)
        yield scope


def _name_code(column: Column, name: str) -> Code:
    return Code(name, column.type, plain=True)


def _write_timestamp(writer: Writer, source: Source, named: dict[str, Code], throws: bool) -> None:
    assert source.timestamp is not None
    column = source.schema.find(source.timestamp.column)
    assert column is not None
    reader = writer.bind(timestamp_reader(source.timestamp, column), "read_timestamp")
    with writer.block("try:"):
        writer.line(f"rowtime = {reader}({named[column.name].text})")
    with writer.block("except RecordError as error:"):
        if throws:
            text = "Fatal user code error in TimestampExtractor callback for record: "
            writer.line(f"raise RecordError({text!r} + error.message)")
        writer.line("reject(record, error.message)")
        writer.line("continue")


def table_reader(
    step: Read,
    schemas: Schemas,
    reject: Callable[..., None],
    properties: Mapping[str, Any] = NO_PROPERTIES,
) -> Callable[[Record], tuple[tuple[Any, ...], tuple[Any, ...] | None, int] | None]:
    """Reads a record of a table: key, row of the step's columns (``None`` for a deletion) and time."""
    writer = Writer()
    writer.names["result"] = []

    def on_null(scope: Scope) -> None:
        writer.line(f"result.append(({scope.key_text}, None, rowtime))")

    with record_loop(writer, step, schemas, reject, on_null, properties) as scope:
        writer.line(f"result.append(({scope.key_text}, {scope.row_text(step.columns)}, {scope.timestamp}))")
    on_records = writer.compile("on_records")
    result: list[Any] = writer.names["result"]

    def read(record: Record) -> tuple[tuple[Any, ...], tuple[Any, ...] | None, int] | None:
        if record.key is None and step.key:
            reject(record, "a record of a table needs a key", Stage.KEY)
            return None
        on_records((record,))
        return result.pop() if result else None

    return read

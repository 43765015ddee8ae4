"""DELIMITED: one line of comma-separated values, an empty field for NULL, quotes where needed (RFC 4180)."""

from __future__ import annotations

import base64
import csv
from collections.abc import Callable
from itertools import groupby
from typing import Any

import orjson

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError, RecordError
from pocket_ksql.formats.base import Decoder, Encoder, Format, Row, Target, bytes_of, decimal_of, int32, int64
from pocket_ksql.schema import Column
from pocket_ksql.text import double_text, read_double
from pocket_ksql.types import SqlType
from pocket_ksql.writer import Writer

_RUN = 4
"""From so many columns on it pays to treat them together."""

ONLY_PYTHON_READS = "_nN"
"""What numbers may have in Python: 1_000, nan, inf. Where one is outside the texts, Java's NaN is told from them."""

_NAMED_DELIMITERS = {"SPACE": " ", "TAB": "\t"}


class DelimitedFormat(Format):
    """Lines of values; no nested types."""

    name = "DELIMITED"

    def unsupported(self, of: SqlType, is_key: bool) -> SqlType | None:
        return of if isinstance(of, (types.Array, types.Map, types.Struct)) else None

    def decoder(self, target: Target) -> Decoder:
        writer = Writer()
        delimiter = delimiter_of(target)
        names = [f"f{index}" for index in range(len(target.columns))]
        bind = {"RecordError": RecordError, "split": _splitter(delimiter), "check": _checker(target.columns)}
        writer.names.update(bind)
        with writer.block("def decode(data):"):
            with writer.block("try:"):
                writer.line("text = data.decode()")
            with writer.block("except UnicodeDecodeError as error:"):
                writer.line("raise RecordError(f'not UTF-8: {error.reason} at byte {error.start}') from None")
            writer.line(
                f"fields = split(text) if '\"' in text or '\\n' in text or not text else text.split({delimiter!r})"
            )
            with writer.block(f"if len(fields) != {len(names)}:"):
                writer.line(
                    "raise RecordError('Unexpected field count, csvFields:' + str(len(fields)) + "
                    f"' schemaFields:{len(names)}')"
                )
            if names:
                writer.line(f"{', '.join(names)}, = fields")
            reads = [
                field_reader(writer, column.type, name) for column, name in zip(target.columns, names, strict=True)
            ]
            in_runs = list(reads)
            for start, end in reversed(_runs_of_doubles(target.columns)):
                in_runs[start:end] = [f"*map(float, fields[{start}:{end}])"]
            texts = [name for column, name in zip(target.columns, names, strict=True) if column.type == types.STRING]
            with writer.block("try:"):
                if any(types.is_numeric(column.type) for column in target.columns):
                    for letter in ONLY_PYTHON_READS:
                        in_texts = " + ".join(f"{name}.count({letter!r})" for name in texts) or "0"
                        with writer.block(f"if {letter!r} in text and text.count({letter!r}) != {in_texts}:"):
                            writer.line("check(fields)")
                    with writer.block("if not text.isascii():"):
                        writer.line("check(fields)")
                if in_runs != reads:  # where no number of a run is missing, which is nearly always
                    with writer.block("try:"):
                        writer.line(f"return ({''.join(read + ', ' for read in in_runs)})")
                    with writer.block("except ValueError:"):
                        writer.line("pass")
                writer.line(f"return ({''.join(read + ', ' for read in reads)})")
            with writer.block("except ValueError:"):
                writer.line("return check(fields)")
        return writer.compile("decode")

    def encoder(self, target: Target) -> Encoder:
        writer = Writer()
        delimiter = delimiter_of(target)
        names = [f"v{index}" for index in range(len(target.columns))]
        writer.names.update(quote=_quoter(delimiter), double_text=double_text, doubles=_doubles)
        with writer.block("def encode(row):"):
            if not names:
                writer.line("return None")
                return writer.compile("encode")
            writer.line(f"{', '.join(names)}, = row")
            texts = [_write(writer, column.type, name) for column, name in zip(target.columns, names, strict=True)]
            for start, end in reversed(_runs_of_doubles(target.columns)):
                if delimiter == ",":
                    texts[start:end] = [f"doubles(({', '.join(names[start:end])}))"]
            writer.line(f"return {delimiter!r}.join(({''.join(text + ', ' for text in texts)})).encode()")
        return writer.compile("encode")


def _runs_of_doubles(columns: tuple[Column, ...]) -> list[tuple[int, int]]:
    """Where at least `_RUN` DOUBLE columns follow one another: they are read and written together."""
    runs, start = [], 0
    for is_double, group in groupby(columns, key=lambda column: column.type == types.DOUBLE):
        end = start + len(list(group))
        if is_double and end - start >= _RUN:
            runs.append((start, end))
        start = end
    return runs


def _doubles(values: tuple[float | None, ...]) -> str:
    """Numbers with commas between them.

    ``orjson`` writes them as Java does but for null, NaN and the infinities (for all of which it writes null), what
    is below 0.001 (it has ``e`` or begins with 0.000) and from ten million on.
    """
    text = orjson.dumps(values)
    if b"n" in text or b"e" in text or b"0.000" in text or max(values) >= 1e7 or min(values) <= -1e7:  # type: ignore[type-var,operator]
        return ",".join("" if value is None else double_text(value) for value in values)
    return text[1:-1].decode()


def delimiter_of(target: Target) -> str:
    """The delimiter by the source's properties: a character, SPACE or TAB."""
    given = target.properties.get("delimiter")
    if given is None:
        return ","
    delimiter = _NAMED_DELIMITERS.get(given, given)
    if len(delimiter) != 1:
        raise KsqlStatementError(
            f"Invalid delimiter value: '{given}'. Delimiter must be a single character or SPACE,TAB"
        )
    return delimiter


def _splitter(delimiter: str) -> Callable[[str], list[str]]:
    def split(text: str) -> list[str]:
        try:
            return next(csv.reader([text], delimiter=delimiter, strict=True), [""])
        except csv.Error as error:
            raise RecordError(f"Error deserializing delimited: {error}") from None

    return split


def _boolean(text: str) -> bool:
    return text.lower() == "true"


_READERS: dict[str, Callable[[str], Any]] = {
    "BOOLEAN": _boolean,
    "INTEGER": int32,
    "BIGINT": int64,
    "DOUBLE": read_double,
    "BYTES": bytes_of,
    "TIME": int32,
    "DATE": int32,
    "TIMESTAMP": int64,
}


def _reader(of: SqlType) -> Callable[[str], Any]:
    return decimal_of(of) if isinstance(of, types.Decimal) else _READERS[of.base()]


def field_reader(writer: Writer, of: SqlType, name: str) -> str:
    """The text of an expression that reads a field, whose text is in ``name``."""
    if of == types.STRING:
        return f"{name} or None"
    function = "float" if of == types.DOUBLE else writer.bind(_reader(of), "read")
    return f"{function}({name}) if {name} else None"


def _checker(columns: tuple[Column, ...]) -> Callable[[list[str]], Row]:
    """Reads a line field by field as Java does, and says which field cannot be read."""

    def check(fields: list[str]) -> Row:
        row = []
        for column, text in zip(columns, fields, strict=True):
            try:
                row.append((_reader(column.type)(text) if column.type != types.STRING else text) if text else None)
            except ValueError:
                raise RecordError(f"Column {column.name}: {text!r} is no {column.type}") from None
        return tuple(row)

    return check


def _quoter(delimiter: str) -> Callable[[str], str]:
    special = frozenset(f'{delimiter}"\r\n')

    def quote(text: str) -> str:
        if text == "" or text[0] <= "#" or text[-1] <= " " or not special.isdisjoint(text):
            return '"' + text.replace('"', '""') + '"'
        return text

    return quote


def _write(writer: Writer, of: SqlType, name: str) -> str:
    if of == types.STRING:
        return f"'' if {name} is None else quote({name})"
    match of.base():
        case "DOUBLE":
            plain = f"1e-3 <= {name} < 1e7 or -1e7 < {name} <= -1e-3"  # where Python and Java agree: no call needed
            text = f"(repr({name}) if {plain} else double_text({name}))"
        case "BOOLEAN":
            text = f"('true' if {name} else 'false')"
        case "DECIMAL":
            text = f"format({name}, 'f')"
        case "BYTES":
            text = f"{writer.bind(base64.b64encode)}({name}).decode()"
        case _:
            text = f"str({name})"
    return f"'' if {name} is None else {text}"

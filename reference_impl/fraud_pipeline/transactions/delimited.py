"""Payments as DELIMITED text, the way KSQL reads and writes them: from columns to lines, and from a line to values."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from fraud_pipeline.transactions.schema import COLUMNS, NUMBERS
from fraud_pipeline.transactions.source import RowError

_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,19}", re.ASCII)
_FIELD = re.compile(rb'(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(?=,|\Z)')
_INT32, _INT64 = 2**31, 2**63
_NO_HEADER_NO_QUOTES = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")

LONGEST_USER = 256
"""Characters. A longer name is the trace of a quote that was never closed."""

Value = int | float | str | datetime | None


def to_lines(payments: pa.RecordBatch) -> list[bytes]:
    """One line a payment, no header; missing values are empty."""
    index = payments.schema.get_field_index("Timestamp")
    text = payments.set_column(index, "Timestamp", iso_timestamps(payments.column(index)))
    out = io.BytesIO()
    try:
        pyarrow.csv.write_csv(text, out, _NO_HEADER_NO_QUOTES)
    except pa.ArrowInvalid:  # a user's name holds a comma, a quote or a newline
        return [_quoted_line(row) for row in zip(*(column.to_pylist() for column in text.columns), strict=True)]
    return out.getvalue().splitlines()


def _quoted_line(row: Sequence[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(["" if value is None else value for value in row])
    return out.getvalue().encode()


def iso_timestamps(instants: pa.Array) -> pa.Array:
    """``2013-09-01T00:00:00Z`` for each instant; with milliseconds only where one of them has any."""
    whole_seconds = instants.cast(pa.timestamp("s"), safe=False)
    exact = pc.all(pc.equal(whole_seconds.cast(pa.timestamp("ms")), instants.cast(pa.timestamp("ms")))).as_py()
    text = (whole_seconds if exact is not False else instants.cast(pa.timestamp("ms"))).cast(pa.string())
    return pc.binary_join_element_wise(pc.binary_replace_slice(text, 10, 11, "T"), "Z", "")


def split_row(text: bytes) -> list[bytes]:
    """The fields of one row, quotes taken off (RFC 4180). Raises ``RowError`` at a quote that should not be there."""
    if b'"' not in text:
        return text.split(b",")
    fields: list[bytes] = []
    position = 0
    while True:
        field = _FIELD.match(text, position)
        if field is None:
            raise RowError(f"column {len(fields) + 1}: a stray quote")
        quoted, plain = field.groups()
        fields.append(plain if quoted is None else quoted.replace(b'""', b'"'))
        if field.end() == len(text):
            return fields
        position = field.end() + 1


def parse_line(line: bytes) -> dict[str, Value]:
    """The payment that one line of the source topic holds, by column name. Raises ``RowError``."""
    return parse_fields(split_row(line), COLUMNS)


def parse_fields(fields: Sequence[bytes], columns: Sequence[str]) -> dict[str, Value]:
    """Typed values by column name. Raises ``RowError`` that names the first column which does not fit."""
    if len(fields) != len(columns):
        raise RowError(f"{len(fields)} columns where {len(columns)} are expected")
    return {name: _parse(name, field) for name, field in zip(columns, fields, strict=True)}


def _parse(name: str, field: bytes) -> Value:
    try:
        text = field.decode()
    except UnicodeDecodeError:
        raise RowError(f"{name}: not valid UTF-8: {field[:40]!r}") from None
    if "\0" in text:
        raise RowError(f"{name}: contains a NUL byte")
    if name == "User":
        if not 0 < len(text) <= LONGEST_USER:
            raise RowError(f"User: longer than {LONGEST_USER} characters" if text else "User: empty")
        return text
    text = text.strip(" \t")
    if not text:
        if name in NUMBERS or name == "Class":
            return None
        raise RowError(f"{name}: empty")
    if name == "Timestamp":
        return _instant(text)
    if name == "Id":
        return _id(text)
    number = _number(name, text)
    if name in NUMBERS:
        return number
    if name == "Class" and number not in (0, 1):
        raise RowError(f"Class: neither 0 nor 1 nor empty: {text[:40]!r}")
    if number != int(number) or not -_INT32 <= number < _INT32:  # some copies write Time as 406.0 or 1e+05
        raise RowError(f"{name}: not a whole number of seconds: {text[:40]!r}")
    return int(number)


def _number(name: str, text: str) -> float:
    if _NUMBER.fullmatch(text) is None:
        known = text.lstrip("+-").lower() in ("nan", "inf", "infinity")
        raise RowError(f"{name}: {'not a finite number' if known else 'not a number'}: {text[:40]!r}")
    number = float(text)
    if not math.isfinite(number):
        raise RowError(f"{name}: not a finite number: {text[:40]!r}")
    return number


def _id(text: str) -> int:
    if _WHOLE.fullmatch(text) is None or not -_INT64 <= int(text) < _INT64:
        raise RowError(f"Id: not a whole number of 64 bits: {text[:40]!r}")
    return int(text)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise RowError(f"Timestamp: not an ISO-8601 time: {text[:40]!r}") from None
    if "T" not in text and " " not in text:
        raise RowError(f"Timestamp: a date without a time: {text[:40]!r}")
    try:
        instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except OverflowError:
        raise RowError(f"Timestamp: out of range: {text[:40]!r}") from None
    if instant.year < 1970:
        raise RowError(f"Timestamp: before 1970, which a Kafka record cannot be: {text[:40]!r}")
    return instant

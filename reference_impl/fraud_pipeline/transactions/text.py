"""Comma-separated text to payments: Arrow parses whole blocks; only a block with a bad row is read row by row.

A file is cut into blocks of whole rows. The fast path lets Arrow's CSV reader convert a block at once, and where
the text already is what KSQL reads, passes it on untouched. A block that Arrow refuses, or in which it finds what
it should have refused, takes the careful path, which knows the line and the reason of every row that it rejects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from fraud_pipeline.transactions import users
from fraud_pipeline.transactions.delimited import LONGEST_USER, Value, iso_timestamps, parse_fields, split_row, to_lines
from fraud_pipeline.transactions.schema import COLUMNS, NUMBERS, SCHEMA, START, ULB_COLUMNS
from fraud_pipeline.transactions.source import Block, Rejected, RowError

BLOCK_BYTES = 1 << 20
LONGEST_ROW = 1 << 12
"""Bytes that a row with quotes may span. A quote left open is looked for its end only up to here."""

_REQUIRED = tuple(field.name for field in SCHEMA if not field.nullable)


@dataclass(frozen=True)
class Layout:
    """Which columns the text has, in its own order: the 31 of the ULB file or all 34."""

    columns: tuple[str, ...]

    @property
    def has_users(self) -> bool:
        return len(self.columns) == len(COLUMNS)

    @property
    def is_canonical(self) -> bool:
        """Do the columns stand in the order of the schema?"""
        return self.columns in (COLUMNS, ULB_COLUMNS)


def payments_in(text: BinaryIO, layout: Layout, first_line: int, rows: int | None = None) -> Iterator[Block]:
    """The rows of ``text``, which stands after the header; its first line is number ``first_line`` of the file."""
    line, row = first_line, 0
    for data in whole_rows(text):
        most = None if rows is None else rows - row
        if most == 0:
            return
        block = _fast(data, layout, row, most) or _careful(data, layout, line, row, most)
        if block.rows:
            yield block
        line += line_count(data)
        row += block.rows


def whole_rows(text: BinaryIO, size: int = BLOCK_BYTES) -> Iterator[bytes]:
    """Cut a stream after a row, not within: at the end of a line that is not inside quotes."""
    kept = b""
    while chunk := text.read(size):
        data = kept + chunk
        cut = _last_row_end(data)
        kept = data[cut:]
        if cut:
            yield data[:cut]
    if kept:
        yield kept


def _last_row_end(data: bytes) -> int:
    last = end = _last_line_end(data, len(data))
    if b'"' not in data:
        return end
    while end and data.count(b'"', 0, end) % 2:
        end = _last_line_end(data, end - 1)
    return end if len(data) - end <= LONGEST_ROW else last


def _last_line_end(data: bytes, before: int) -> int:
    """Just after the last line end that lies before ``before``; a final CR may be half of a CR LF and waits."""
    return max(data.rfind(b"\n", 0, before), data.rfind(b"\r", 0, min(before, len(data) - 1))) + 1


def line_count(data: bytes) -> int:
    """Lines that end in ``data``: by LF, CR or CR LF."""
    line_feeds = int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord("\n")))  # ten times as fast as count()
    return line_feeds if b"\r" not in data else line_feeds + data.count(b"\r") - data.count(b"\r\n")


# ---------------------------------------------------------------------------------------------- fast path


def _fast(data: bytes, layout: Layout, first_row: int, most: int | None) -> Block | None:
    """The block if all its rows are good, else None."""
    if b"\0" in data:
        return None
    types = {name: SCHEMA.field(name).type for name in layout.columns}
    if not layout.has_users:
        types["Time"] = pa.float64()  # "406", "406.0" or "1e+05"; the value on the topic is written anew
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(data),
            read_options=pyarrow.csv.ReadOptions(
                column_names=layout.columns, block_size=len(data) + 1, use_threads=False
            ),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(column_types=types, null_values=[""]),
        )
        if most is not None:
            table = table.slice(0, most)
        given = {name: _only_chunk(table.column(name)) for name in layout.columns}
        given["Time"] = given["Time"].cast(pa.int32())
    except pa.ArrowInvalid:
        return None
    if given["Time"].null_count or (b'"' in data and layout.has_users and _has_odd_users(given["User"])):
        return None
    added = {} if layout.has_users else _added(given["Time"], first_row)
    columns = given | added
    if not _is_sound(columns):
        return None
    payments = pa.record_batch([columns[name] for name in SCHEMA.names], schema=SCHEMA)
    return Block(payments, _passed_on(data, payments, layout) or to_lines(payments))


def _only_chunk(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _is_sound(columns: dict[str, pa.Array]) -> bool:
    """Nothing that Arrow accepts and the schema does not."""
    if any(columns[name].null_count for name in _REQUIRED):
        return False
    finite = (np.isfinite(columns[name].fill_null(0.0).to_numpy()).all() for name in NUMBERS)
    labels = columns["Class"].fill_null(0).to_numpy()
    instants = columns["Timestamp"].cast(pa.int64()).to_numpy()
    lengths = pc.utf8_length(columns["User"]).to_numpy()
    return bool(
        all(finite)
        and ((labels == 0) | (labels == 1)).all()
        and (instants >= 0).all()
        and ((lengths > 0) & (lengths <= LONGEST_USER)).all()
    )


def _has_odd_users(names: pa.Array) -> bool:
    """Names with quotes or line ends in them, which may be right, or come of a stray quote."""
    return pc.any(pc.match_substring_regex(names, '["\r\n]')).as_py() is True


def _added(seconds: pa.Array, first_row: int) -> dict[str, pa.Array]:
    """Id, Timestamp and User for rows that lack them: the row's number, its time, a user hashed from the number."""
    ids = np.arange(first_row + 1, first_row + 1 + len(seconds))
    start = np.datetime64(START.replace(tzinfo=None), "ms")
    instants = start + seconds.to_numpy().astype("timedelta64[s]")
    return {
        "Id": pa.array(ids),
        "Timestamp": pa.array(instants, pa.timestamp("ms", "UTC")),
        "User": users.NAMES.take(pa.array(users.assign(ids))),
    }


def _passed_on(data: bytes, payments: pa.RecordBatch, layout: Layout) -> list[bytes] | None:
    """The lines of the text themselves, where KSQL would read them just so, else None."""
    if not layout.is_canonical or b" " in data or b"\t" in data:
        return None
    if b'"' in data:
        if layout.has_users:
            return None
        data = data.replace(b'"', b"")  # Arrow has read a number out of every field: quotes enclose nothing else
    lines = [line for line in data.splitlines() if line][: payments.num_rows]
    if len(lines) != payments.num_rows:
        return None
    if layout.has_users:
        return lines
    added = (
        payments.column("Id").to_pylist(),
        iso_timestamps(payments.column("Timestamp")).cast(pa.binary()).to_pylist(),
        payments.column("User").cast(pa.binary()).to_pylist(),
        payments.column("Time").to_pylist(),
    )
    return [
        b"%d,%s,%s,%d%s" % (number, instant, user, seconds, line[line.index(b",") :])
        for number, instant, user, seconds, line in zip(*added, lines, strict=True)
    ]


# ------------------------------------------------------------------------------------------- careful path


def _careful(data: bytes, layout: Layout, first_line: int, first_row: int, most: int | None) -> Block:
    good: list[dict[str, Value]] = []
    rejected: list[Rejected] = []
    for line, raw in split_rows(data, len(layout.columns), first_line):
        row = len(good) + len(rejected)
        if row == most:
            break
        try:
            payment = parse_fields(split_row(raw), layout.columns)
            if not layout.has_users:
                payment |= _added_to(payment, first_row + row + 1)
        except RowError as error:
            rejected.append(Rejected(line, str(error), raw))
        else:
            good.append(payment)
    payments = pa.RecordBatch.from_pylist(good, schema=SCHEMA)
    return Block(payments, to_lines(payments), tuple(rejected))


def _added_to(payment: dict[str, Value], number: int) -> dict[str, Value]:
    seconds = payment["Time"]
    assert isinstance(seconds, int)
    if seconds < -START.timestamp():
        raise RowError(f"Time: before 1970, which a Kafka record cannot be: {seconds}")
    user = users.NAMES[int(users.assign(np.array([number]))[0])].as_py()
    return {"Id": number, "Timestamp": START + timedelta(seconds=seconds), "User": user}


def split_rows(data: bytes, columns: int, first_line: int) -> Iterator[tuple[int, bytes]]:
    """The rows of a block and the line at which each starts; empty lines are none.

    A row goes on over a line end that stands in quotes. Where that would not give a whole row, the quote is a
    stray one: its line is a row by itself, so that it takes no good row down with it.
    """
    lines = data.splitlines(keepends=True)
    position = 0
    while position < len(lines):
        end = _row_end(lines, position, columns)
        raw = b"".join(lines[position:end]).rstrip(b"\r\n")
        if raw:
            yield first_line + position, raw
        position = end


def _row_end(lines: Sequence[bytes], start: int, columns: int) -> int:
    if lines[start].count(b'"') % 2 == 0:
        return start + 1
    length = 0
    for end in range(start, len(lines)):
        length += len(lines[end])
        if length > LONGEST_ROW:
            break
        if end > start and lines[end].count(b'"') % 2:
            return end + 1 if _is_whole(b"".join(lines[start : end + 1]), columns) else start + 1
    return start + 1


def _is_whole(lines: bytes, columns: int) -> bool:
    try:
        fields = split_row(lines.rstrip(b"\r\n"))
    except RowError:
        return False
    return len(fields) == columns and max(map(len, fields)) <= LONGEST_USER

"""Files of payments: CSV, plain or in gzip or zip, and Parquet, with the header checked before the first row."""

from __future__ import annotations

import codecs
import difflib
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from fraud_pipeline.transactions.delimited import split_row
from fraud_pipeline.transactions.schema import ADDED_COLUMNS, COLUMNS, ULB_COLUMNS
from fraud_pipeline.transactions.source import Block, HeaderError, RowError, Source, SourceError
from fraud_pipeline.transactions.text import BLOCK_BYTES, Layout, payments_in

_LONGEST_HEADER = 1 << 16
_WIDE_ENCODINGS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


@dataclass(frozen=True)
class FileSource:
    """Payments in one file: the 31 columns of Kaggle/ULB, or the 34 of the streaming demo."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    def blocks(self, rows: int | None = None) -> Iterator[Block]:
        """Yield the rows. Raises ``SourceError`` for a file that cannot be read, ``HeaderError`` for its columns."""
        try:
            with _opened(self.path) as text:
                layout, first_line = read_header(text, self.name)
                yield from payments_in(text, layout, first_line, rows)
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, pa.ArrowInvalid) as error:
            raise SourceError(f"{self.path} is damaged or cut short ({error}). Fetch it again.") from error
        except OSError as error:
            raise SourceError(f"{self.path} cannot be read: {error.strerror or error}") from error


def write_payments(source: Source, path: Path, rows: int | None = None, *, header: bool = True) -> int:
    """Write the payments of ``source`` to ``path`` as a file of 34 columns, and return how many; rejected rows are not.

    Without ``header`` the file holds just what the records on the source topic hold, one a line.
    """
    count = 0
    with path.open("wb") as file:
        if header:
            file.write(",".join(COLUMNS).encode() + b"\n")
        for block in source.blocks(rows):
            file.writelines(value + b"\n" for value in block.values)
            count += len(block.values)
    return count


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file's text, unpacked."""
    if not path.exists():
        raise SourceError(f"{path} does not exist. Check the path, or take --data synthetic.")
    if path.is_dir():
        raise SourceError(f"{path} is a folder. Name the file in it.")
    if path.stat().st_size == 0:
        raise SourceError(f"{path} is empty.")
    match path.suffix.lower():
        case ".gz":
            with gzip.open(path) as text:
                yield cast(BinaryIO, text)
        case ".zip":
            with zipfile.ZipFile(path) as archive, archive.open(_only_csv_in(archive, path)) as member:
                yield cast(BinaryIO, member)
        case ".parquet":
            yield cast(BinaryIO, io.BufferedReader(_ParquetAsText(path), BLOCK_BYTES))
        case _:
            with path.open("rb") as text:
                yield text


def _only_csv_in(archive: zipfile.ZipFile, path: Path) -> str:
    names = [name for name in archive.namelist() if name.lower().endswith(".csv") and not name.startswith("__MACOSX/")]
    if len(names) != 1:
        found = ", ".join(names) or "none"
        raise SourceError(f"{path} should hold exactly one .csv file; found: {found}. Unpack it and name the file.")
    return names[0]


class _ParquetAsText(io.RawIOBase):
    """A Parquet file, read as the CSV file with the same rows, so that both meet the same checks."""

    def __init__(self, path: Path) -> None:
        file = pq.ParquetFile(path)
        self._batches = file.iter_batches(batch_size=4096)
        self._text = ",".join(file.schema_arrow.names).encode() + b"\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._text:
            batch = next(self._batches, None)
            if batch is None:
                return 0
            out = io.BytesIO()
            pyarrow.csv.write_csv(batch, out, pyarrow.csv.WriteOptions(include_header=False))
            self._text = out.getvalue()
        piece, self._text = self._text[: len(buffer)], self._text[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def read_header(text: BinaryIO, name: str) -> tuple[Layout, int]:
    """Read the header line: the layout of what follows, and the number of the line at which that starts."""
    header = text.readline(_LONGEST_HEADER)
    for mark, encoding in _WIDE_ENCODINGS.items():
        if header.startswith(mark):
            raise SourceError(f"{name} is {encoding} text. Save it as UTF-8.")
    header = header.removeprefix(codecs.BOM_UTF8)
    try:
        if b"\0" in header:
            raise SourceError(f"{name} is not text: its first line holds NUL bytes.")
        if b"\r" in header.rstrip(b"\r\n"):
            raise SourceError(f"{name} has line ends of an old kind (CR without LF). Save it with LF or CR LF.")
        fields = [field.decode().strip() for field in split_row(header.rstrip(b"\r\n"))]
    except UnicodeDecodeError:
        raise SourceError(f"{name} is not UTF-8 text. Save it as UTF-8, or check that it is a CSV file.") from None
    except RowError as error:
        raise HeaderError(f"{name}: the header has {error}.") from None
    return Layout(check_columns(fields, name)), 2


def check_columns(found: Sequence[str], name: str) -> tuple[str, ...]:
    """The names of the schema for the names that were ``found`` (in any order, upper or lower case).

    Raises ``HeaderError`` that says which are missing, unknown or there twice.
    """
    if not any(found):
        raise HeaderError(
            f"{name}: the header line is empty. It should read {','.join(ULB_COLUMNS[:3])},…,Amount,Class."
        )
    if len(found) == 1 and any(mark in found[0] for mark in ";\t|"):
        raise HeaderError(f"{name}: the header has no commas. Columns must be separated by commas.")
    if all(_is_number(field) for field in found):
        raise HeaderError(
            f"{name}: the first line holds numbers, not names. Put a header before it: Time,V1,V2,…,V28,Amount,Class."
        )
    names = {column.lower(): column for column in COLUMNS}
    columns = tuple(names.get(field.lower(), field) for field in found)
    expected = COLUMNS if set(columns) & set(ADDED_COLUMNS) else ULB_COLUMNS
    problems = []
    if unknown := [column for column in columns if column not in COLUMNS]:
        problems.append("unknown: " + ", ".join(_with_suggestion(column) for column in unknown))
    if missing := [column for column in expected if column not in columns]:
        problems.append("missing: " + ", ".join(missing))
    if twice := sorted({column for column in columns if columns.count(column) > 1}):
        problems.append("there more than once: " + ", ".join(twice))
    if problems:
        raise HeaderError(
            f"{name}: {len(expected)} columns are expected ({expected[0]} to {expected[-1]}). "
            + "; ".join(problems)
            + "."
        )
    return columns


def _with_suggestion(column: str) -> str:
    near = difflib.get_close_matches(column.lower(), [known.lower() for known in COLUMNS], 1)
    names = {known.lower(): known for known in COLUMNS}
    return f"{column[:40]!r}" + (f" (did you mean {names[near[0]]}?)" if near else "")


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True

"""DELIMITED values of a batch to columns: the longest run of DOUBLE columns as a matrix, the others as lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
import orjson

from pocket_ksql import types
from pocket_ksql.columnar.errors import UnusualError
from pocket_ksql.columnar.vectors import Vector
from pocket_ksql.formats.delimited import ONLY_PYTHON_READS, field_reader
from pocket_ksql.schema import Column
from pocket_ksql.types import SqlType
from pocket_ksql.writer import Writer

_IN_NUMBERS = b"0123456789+-.eE,"

_ODD = f"{ONLY_PYTHON_READS} \t\v\f\r\x1c\x1d\x1e\x1f"
"""With the blanks that Python takes around a number."""

_BITS: Mapping[SqlType, int] = {
    types.INTEGER: 32,
    types.BIGINT: 64,
    types.DATE: 32,
    types.TIME: 32,
    types.TIMESTAMP: 64,
}
"""Types whose columns are read as whole numbers, and their size."""

Values = Sequence[str] | Sequence[int | None]
"""A column: whole numbers with None for NULL, or, of other types, the texts."""


class BatchReader:
    """Reads values with the given columns and commas between them.

    ``vectors`` are the names of the columns in the run, ``others`` the other columns, both in their order.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self._start, self._end = _longest_run(columns)
        self._after = len(columns) - self._end
        self.vectors = tuple(column.name for column in columns[self._start : self._end])
        self.others = (*columns[: self._start], *columns[self._end :])

    def read(self, values: Sequence[bytes]) -> tuple[dict[str, Vector], list[Values]]:
        """Vectors by name with NaN for NULL, and the other columns.

        Raises `UnusualError`, ValueError or UnicodeDecodeError for what is not simply numbers, quotes, line ends
        inside of values, a wrong number of fields among it.
        """
        text = b"\n".join(values).decode()
        lines: Sequence[str] = text.split("\n")
        if '"' in text or len(lines) != len(values) or "" in lines:
            raise UnusualError
        texts: list[tuple[str, ...]] = []
        if self._start:
            *texts, lines = zip(*[line.split(",", self._start) for line in lines], strict=True)
        if self._after:
            lines, *after = zip(*[line.rsplit(",", self._after) for line in lines], strict=True)
            texts += after
        if len(texts) != len(self.others) or self._has_odd_numbers(texts):
            raise UnusualError
        matrix = _numbers(lines)
        if matrix.shape != (len(lines), len(self.vectors)):
            raise UnusualError
        columns = [_values(column, found) for column, found in zip(self.others, texts, strict=True)]
        return {name: matrix[:, index] for index, name in enumerate(self.vectors)}, columns

    def _has_odd_numbers(self, texts: Sequence[Sequence[str]]) -> bool:
        """Whether a number may be one that Python reads and Java does not: 1_000, nan, one in other digits."""
        columns = zip(self.others, texts, strict=True)
        numbers = ",".join(",".join(found) for column, found in columns if column.type != types.STRING)
        return not numbers.isascii() or any(character in numbers for character in _ODD)


def _longest_run(columns: Sequence[Column]) -> tuple[int, int]:
    best, at = (0, 0), 0
    for is_double, group in groupby(columns, key=lambda column: column.type == types.DOUBLE):
        end = at + len(list(group))
        if is_double and end - at > best[1] - best[0]:
            best = (at, end)
        at = end
    return best


def row_reader(writer: Writer, column: Column, name: str) -> str:
    """The text of an expression that reads one of the values of a column, which is in ``name``."""
    return name if column.type in _BITS else field_reader(writer, column.type, name)


def _values(column: Column, texts: Sequence[str]) -> Values:
    bits = _BITS.get(column.type)
    return texts if bits is None else _whole_numbers(texts, bits)


def _whole_numbers(texts: Sequence[str], bits: int) -> Sequence[int | None]:
    """Raises `UnusualError`, and ValueError for a text that is no number; an empty one is None."""
    numbers: Sequence[int | None]
    try:
        numbers = known = list(map(int, texts))  # much quicker than with a look at each, where none is missing
    except ValueError:
        numbers = [int(text) if text else None for text in texts]
        known = [number for number in numbers if number is not None]
    bound = 1 << bits - 1
    if known and not (-bound <= min(known) and max(known) < bound):
        raise UnusualError
    return numbers


def _numbers(lines: Sequence[str]) -> Vector:
    """A row for each line of numbers, which JSON reads much quicker than one by one; an empty field is NaN.

    Raises ValueError if some lines have more numbers than others.
    """
    if ",".join(lines).encode().translate(None, _IN_NUMBERS):
        raise UnusualError
    data = ("[[" + "],[".join(lines) + "]]").encode()
    try:
        values = orjson.loads(data)
    except orjson.JSONDecodeError:
        values = orjson.loads(_with_nulls(data))
    numbers = np.array(values, np.float64)
    if not numbers.all() and (b"-0," in data or b"-0]" in data):  # in JSON that is the integer 0, without its sign
        raise UnusualError
    if np.isinf(numbers).any():
        raise UnusualError
    return numbers


def _with_nulls(data: bytes) -> bytes:
    data = data.replace(b",,", b",null,").replace(b",,", b",null,")
    return data.replace(b"[,", b"[null,").replace(b",]", b",null]")

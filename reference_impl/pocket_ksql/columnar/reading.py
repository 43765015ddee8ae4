"""DELIMITED values of a batch to columns: the longest run of DOUBLE columns as a matrix, the others as texts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import orjson

from pocket_ksql import types
from pocket_ksql.columnar.errors import UnusualError
from pocket_ksql.columnar.vectors import Vector
from pocket_ksql.schema import Column

_IN_NUMBERS = b"0123456789+-.eE,"


class BatchReader:
    """Reads values with the given columns and commas between them.

    ``vectors`` are the names of the columns in the run, ``texts`` the other columns, both in their order.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self._start, self._end = _longest_run(columns)
        self._after = len(columns) - self._end
        self.vectors = tuple(column.name for column in columns[self._start : self._end])
        self.texts = (*columns[: self._start], *columns[self._end :])

    def read(self, values: Sequence[bytes]) -> tuple[dict[str, Vector], list[tuple[str, ...]]]:
        """Vectors by name with NaN for NULL, and the texts of the other columns, column by column.

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
        if len(texts) != len(self.texts) or ("_" in text and self._underscored(texts)):
            raise UnusualError
        commas = len(self.vectors) - 1
        if any(line.count(",") != commas for line in lines):
            raise UnusualError
        matrix = _numbers(",".join(lines).encode()).reshape(len(lines), len(self.vectors))
        return {name: matrix[:, index] for index, name in enumerate(self.vectors)}, texts

    def _underscored(self, texts: Sequence[Sequence[str]]) -> bool:
        """Whether there is an underscore where no text is to be: in a number only Python takes it."""
        columns = zip(self.texts, texts, strict=True)
        return any("_" in value for column, found in columns if column.type != types.STRING for value in found)


def _longest_run(columns: Sequence[Column]) -> tuple[int, int]:
    best, at = (0, 0), 0
    for is_double, group in groupby(columns, key=lambda column: column.type == types.DOUBLE):
        end = at + len(list(group))
        if is_double and end - at > best[1] - best[0]:
            best = (at, end)
        at = end
    return best


def _numbers(fields: bytes) -> Vector:
    """Numbers as JSON reads them, which is much quicker than one by one; an empty field is NaN."""
    if fields.translate(None, _IN_NUMBERS):
        raise UnusualError
    data = b"[" + fields + b"]"
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

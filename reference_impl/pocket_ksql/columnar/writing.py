"""A record's value in segments: runs of DOUBLE columns from a matrix, and what stands between them from rows.

In each format here the value is its fields one after another, so that it can be put together from parts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import orjson
from numpy.typing import NDArray

from pocket_ksql.formats import avro_schema, delimited
from pocket_ksql.formats.avro_writer import compile_writer
from pocket_ksql.formats.base import Encoder, Target
from pocket_ksql.formats.framing import frame
from pocket_ksql.formats.json import JsonFormat
from pocket_ksql.schema import Column

Matrix = NDArray[np.float64]
Columns = tuple[Column, ...]
WriteMatrix = Callable[[Matrix], list[bytes]]
"""Rows of a run of columns, NaN for NULL, to bytes."""


_AVRO_DOUBLE = np.dtype([("branch", "u1"), ("value", "<f8")])


@dataclass(frozen=True)
class SegmentWriter:
    """How a format puts values together: ``head``, segments with ``separator`` between them, ``tail``."""

    head: bytes
    separator: bytes
    tail: bytes
    rows: Callable[[Columns], Encoder]
    doubles: Callable[[Columns], WriteMatrix]


def segment_writer(format_name: str, target: Target) -> SegmentWriter | None:
    """The writer for a format, ``None`` where it cannot write in segments; with a registry, registers the schema."""
    if format_name == "DELIMITED" and delimited.delimiter_of(target) == ",":
        return _delimited(target)
    if format_name == "JSON":
        return _json(target)
    if format_name == "AVRO" and "schema_id" not in target.properties:
        return _avro(target)
    return None


def _part(target: Target, columns: Columns) -> Target:
    return replace(target, columns=columns, wrapped=True)


def _row_by_row(encode: Encoder, matrix: Matrix) -> list[bytes]:
    rows = [[None if value != value else value for value in row] for row in matrix.tolist()]
    return [encode(tuple(row)) or b"" for row in rows]


def _some_by_row(quick: WriteMatrix, encode: Encoder, plain: Callable[[Matrix], NDArray[np.bool_]]) -> WriteMatrix:
    """``quick`` for the rows that are ``plain``, the encoder for the others."""

    def write(matrix: Matrix) -> list[bytes]:
        usual = plain(matrix)
        if usual.all():
            return quick(matrix)
        written = iter(quick(matrix[usual]) if usual.any() else ())
        others = iter(_row_by_row(encode, matrix[~usual]))
        return [next(written) if is_usual else next(others) for is_usual in usual.tolist()]

    return write


def _complete(matrix: Matrix) -> NDArray[np.bool_]:
    return np.logical_not(np.isnan(matrix).any(axis=1))


def _texts(matrix: Matrix) -> Sequence[bytes]:
    """Rows of numbers with commas between them."""
    text = orjson.dumps(np.ascontiguousarray(matrix), option=orjson.OPT_SERIALIZE_NUMPY)
    return text[2:-2].split(b"],[")


def _delimited(target: Target) -> SegmentWriter:
    def rows(columns: Columns) -> Encoder:
        return delimited.DelimitedFormat().encoder(_part(target, columns))

    def plain(matrix: Matrix) -> NDArray[np.bool_]:
        size = np.abs(matrix)  # where orjson and Java write a number alike; NaN is in none of it
        alike: NDArray[np.bool_] = ((size == 0) | ((size >= 1e-3) & (size < 1e7))).all(axis=1)
        return alike

    return SegmentWriter(
        b"", b",", b"", rows, lambda columns: _some_by_row(lambda matrix: list(_texts(matrix)), rows(columns), plain)
    )


def _json(target: Target) -> SegmentWriter:
    def rows(columns: Columns) -> Encoder:
        encode = JsonFormat("JSON").encoder(_part(target, columns))
        return lambda row: (encode(row) or b"{}")[1:-1]

    def doubles(columns: Columns) -> WriteMatrix:
        names = [orjson.dumps(column.name).replace(b"%", b"%%") for column in columns]
        template = b",".join([name + b":%b" for name in names])

        def quick(matrix: Matrix) -> list[bytes]:
            return [template % tuple(text.split(b",")) for text in _texts(matrix)]

        return _some_by_row(quick, rows(columns), _complete)

    return SegmentWriter(b"{", b",", b"}", rows, doubles)


def _avro(target: Target) -> SegmentWriter:
    schema = json.dumps(avro_schema.schema_of(target))
    header = frame(target.schemas.register(target.subject, "AVRO", schema))

    def rows(columns: Columns) -> Encoder:
        return compile_writer(_part(target, columns), b"")

    def quick(matrix: Matrix) -> list[bytes]:
        fields = np.empty(matrix.shape, _AVRO_DOUBLE)
        fields["branch"] = 2  # that of the union which is no null
        fields["value"] = matrix
        data = fields.tobytes()
        step = fields.strides[0]
        return [data[start : start + step] for start in range(0, len(data), step)]

    return SegmentWriter(header, b"", b"", rows, lambda columns: _some_by_row(quick, rows(columns), _complete))

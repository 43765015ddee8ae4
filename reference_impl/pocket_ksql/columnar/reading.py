"""DELIMITED values of a batch to columns: DOUBLE columns as vectors, all others as texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from pocket_ksql import types
from pocket_ksql.columnar.vectors import UnusualError, Vector
from pocket_ksql.schema import Column

_POOL = pa.system_memory_pool()
"""Arrow's own pool would keep tens of megabytes between batches, and is no faster here."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class BatchReader:
    """Reads values with the given columns, at least two, and commas between them."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._doubles = [column.name for column in columns if column.type == types.DOUBLE]
        self._texts = [column.name for column in columns if column.type != types.DOUBLE]
        kinds = {column.name: pa.float64() if column.type == types.DOUBLE else pa.string() for column in columns}
        self._read = arrow_csv.ReadOptions(use_threads=False, column_names=list(kinds))
        self._parse = arrow_csv.ParseOptions(delimiter=",", quote_char=False)  # leaves empty lines out
        self._convert = arrow_csv.ConvertOptions(column_types=kinds, null_values=[""], strings_can_be_null=False)

    def read(self, values: Sequence[bytes]) -> tuple[dict[str, Vector], list[list[str]]]:
        """Vectors by name, and the texts of the other columns, column by column.

        Raises `UnusualError` for what the two readers might not take alike: quotes, line ends inside of values, a
        wrong number of fields, anything that is no finite number.
        """
        data = b"\n".join(values)
        if b'"' in data or b"\r" in data or data.startswith(_BYTE_ORDER_MARK) or data.count(b"\n") != len(values) - 1:
            raise UnusualError
        try:
            data.decode()
            table = arrow_csv.read_csv(
                pa.py_buffer(data + b"\n"),
                read_options=self._read,
                parse_options=self._parse,
                convert_options=self._convert,
                memory_pool=_POOL,
            )
        except (UnicodeDecodeError, pa.ArrowInvalid) as error:
            raise UnusualError from error
        if table.num_rows != len(values):
            raise UnusualError
        vectors = {name: _vector(table.column(name)) for name in self._doubles}
        return vectors, [table.column(name).to_pylist() for name in self._texts]


def _vector(column: Any) -> Vector:
    vector: Vector = column.to_numpy()
    if np.count_nonzero(np.isfinite(vector)) != len(vector) - column.null_count:
        raise UnusualError
    return vector

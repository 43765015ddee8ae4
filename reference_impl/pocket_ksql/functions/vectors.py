"""Functions of the user's own that take whole batches: NumPy arrays in, an array of as many results out.

Their annotations give the SQL type of one row: ``def score(features: Annotated[np.ndarray, "ARRAY<DOUBLE>"]) ->
Annotated[np.ndarray, "DOUBLE"]``. An array of DOUBLE is then a matrix with one row for each record.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Sequence
from typing import Any

from pocket_ksql import types
from pocket_ksql.types import SqlType

_KINDS = {
    "BOOLEAN": "?",
    "INTEGER": "i4",
    "BIGINT": "i8",
    "DOUBLE": "f8",
    "TIME": "i4",
    "DATE": "i4",
    "TIMESTAMP": "i8",
}


def takes_arrays(hints: Sequence[Any]) -> bool:
    """Whether all of a function's annotations stand for arrays."""
    return bool(hints) and all(_is_array(hint) for hint in hints)


def _is_array(hint: Any) -> bool:
    if typing.get_origin(hint) is not typing.Annotated:
        return False
    inner = typing.get_args(hint)[0]
    return getattr(typing.get_origin(inner) or inner, "__name__", "") == "ndarray"


def batch_call(
    function: Callable[..., Any], parameters: Sequence[SqlType], result: Callable[[Any], Any]
) -> Callable[..., list[Any]]:
    """``function`` over sequences of values, none of them NULL; as many results of the declared type.

    Raises whatever the function raises, and ValueError when it gives another number of results.
    """
    kinds = [_kind(of) for of in parameters]

    def call(*arguments: Sequence[Any]) -> list[Any]:
        import numpy as np  # only where such a function is used

        given = [np.asarray(values, kind) for values, kind in zip(arguments, kinds, strict=True)]
        results = np.asarray(function(*given)).tolist()
        if not isinstance(results, list) or len(results) != len(arguments[0]):
            raise ValueError(f"it must give one result for each of {len(arguments[0])} rows")
        return [None if one is None else result(one) for one in results]

    return call


def one_by_one(call: Callable[..., list[Any]]) -> Callable[..., Any]:
    """The same for a single row, wherever a query needs it so."""
    return lambda *arguments: call(*[[argument] for argument in arguments])[0]


def _kind(of: SqlType) -> str:
    if isinstance(of, types.Array):
        return _kind(of.item)
    return _KINDS.get(of.base(), "O")

"""Expressions on whole DOUBLE columns: passing on, filling NULLs with a constant, arithmetic.

A vector is a ``float64`` array in which NaN stands for NULL. That works because no other NaN comes about: what is
read is finite, and a result that is not (overflow, division by zero) is `UnusualError`, to be computed row by row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pocket_ksql.columnar.errors import UnusualError
from pocket_ksql.language import expressions as ex

Vector = NDArray[np.float64]
Compute = Callable[[Mapping[str, Vector]], Any]
"""From columns by name to a vector, or to a number that is the same for all rows."""

_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}


def compile_vector(expression: ex.Expression, doubles: frozenset[str]) -> Compute | None:
    """How to compute an expression from the DOUBLE columns ``doubles``; ``None`` for any other expression."""
    match expression:
        case ex.ColumnRef(name, None) if name in doubles:
            return lambda columns: columns[name]
        case ex.DoubleLiteral(value) if math.isfinite(value):
            return lambda columns: value
        case ex.Call("IFNULL" | "COALESCE", (inner, ex.DoubleLiteral(value))) if math.isfinite(value):
            filled = compile_vector(inner, doubles)
            return None if filled is None else _fill(filled, value)
        case ex.Arithmetic(operator, left, right) if operator in _OPERATIONS:
            sides = compile_vector(left, doubles), compile_vector(right, doubles)
            if sides[0] is None or sides[1] is None:
                return None
            return _arithmetic(_OPERATIONS[operator], sides[0], sides[1])
    return None


def _fill(inner: Compute, value: float) -> Compute:
    def compute(columns: Mapping[str, Vector]) -> Any:
        vector = inner(columns)
        missing = np.isnan(vector)
        return np.where(missing, value, vector) if missing.any() else vector

    return compute


def _arithmetic(operation: Callable[[Any, Any], Any], left: Compute, right: Compute) -> Compute:
    def compute(columns: Mapping[str, Vector]) -> Any:
        first, second = left(columns), right(columns)
        if operation is np.divide and np.any(np.equal(second, 0)):
            raise UnusualError
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            result = operation(first, second)
        if np.isinf(result).any():
            raise UnusualError
        return result

    return compute

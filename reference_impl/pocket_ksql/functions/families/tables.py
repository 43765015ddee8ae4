"""Table functions: one value in, several rows out."""

from __future__ import annotations

import itertools
from typing import Any

from pocket_ksql.functions.registry import table

CATEGORY = "TABLE"


@table("EXPLODE", "(list ARRAY<T>) -> ARRAY<T>")
def explode(values: list[Any] | None) -> list[Any]:
    """Explodes an array: one row for each of its items."""
    return values or []


@table("CUBE_EXPLODE", "(columns ARRAY<T>) -> ARRAY<ARRAY<T>>")
def cube_explode(values: list[Any] | None) -> list[Any]:
    """One row for each way to replace some of the columns by NULL."""
    if values is None:
        return []
    choices = [(None, value) if value is not None else (None,) for value in values]
    return [list(combination) for combination in itertools.product(*choices)]

"""Functions that deal with NULL, and the one that copies a key."""

from __future__ import annotations

from typing import Any

from pocket_ksql.functions.registry import scalar

CATEGORY = "CONDITIONAL"
CATEGORIES = {"AS_VALUE": "OTHER"}


@scalar("IFNULL", "(expression T, altValue T) -> T", null_in_null_out=False)
def ifnull(value: Any, alternative: Any) -> Any:
    """If expression is NULL then returns the alternative value, otherwise the expression."""
    return alternative if value is None else value


@scalar("COALESCE", "(first T, others T...) -> T", null_in_null_out=False)
def coalesce(*values: Any) -> Any:
    """Returns the first parameter that is not NULL."""
    return next((value for value in values if value is not None), None)


@scalar("NULLIF", "(expression1 T, expression2 T) -> T", null_in_null_out=False)
def nullif(first: Any, second: Any) -> Any:
    """Returns NULL if both expressions are equal, otherwise the first."""
    return None if first is not None and first == second else first


@scalar("AS_VALUE", "(keyColumn T) -> T", null_in_null_out=False)
def as_value(value: Any) -> Any:
    """Allows the row's key to be copied into the row's value."""
    return value

"""Values from outside (JSON, Python) as expressions, names and texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pocket_ksql.language import expressions as ex


def row_values(row: Mapping[str, Any]) -> dict[str, ex.Expression]:
    """The columns and values of a row of JSON, or of Python's types, as INSERT takes them."""
    return {name_of(column): ex.Given(value) for column, value in row.items()}


def text_of(expression: ex.Expression) -> str:
    """A literal as text, as the configuration of a connector takes it."""
    value = getattr(expression, "value", None)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def name_of(text: str) -> str:
    """Names are in upper case unless quoted, as in SQL."""
    return text[1:-1].replace("``", "`") if text.startswith("`") and text.endswith("`") else text.upper()

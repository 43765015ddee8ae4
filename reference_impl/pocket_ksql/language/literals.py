"""Values from outside (JSON, Python) as expressions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pocket_ksql.language import expressions as ex


def literal(value: Any) -> ex.Expression:
    """The expression that stands for a value of JSON, or for a ``Decimal``."""
    match value:
        case None:
            return ex.NullLiteral()
        case bool():
            return ex.BooleanLiteral(value)
        case int():
            return ex.IntegerLiteral(value)
        case float():
            return ex.DoubleLiteral(value)
        case Decimal():
            return ex.DecimalLiteral(value)
        case str():
            return ex.StringLiteral(value)
        case list():
            return ex.CreateArray(tuple(map(literal, value)))
    return ex.CreateStruct(tuple((name_of(field), literal(inner)) for field, inner in value.items()))


def text_of(expression: ex.Expression) -> str:
    """A literal as text, as the configuration of a connector takes it."""
    value = getattr(expression, "value", None)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def name_of(text: str) -> str:
    """Names are in upper case unless quoted, as in SQL."""
    return text[1:-1].replace("``", "`") if text.startswith("`") and text.endswith("`") else text.upper()

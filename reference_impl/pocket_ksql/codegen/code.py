"""Generated Python: an expression with its type, and what may go wrong when it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pocket_ksql.errors import KsqlStatementError, RecordError
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.types import SqlType

EVALUATION_ERRORS = (ArithmeticError, ValueError, TypeError, LookupError, AttributeError, RecursionError, RecordError)
"""What an expression may raise on a row; its value is then NULL and the reason goes to the processing log."""

READ_FROM_TEXT = frozenset({"TIME", "DATE", "TIMESTAMP"})
"""Types whose values may be given as text, and are read from it."""


@dataclass(frozen=True)
class Code:
    """A Python expression. ``plain`` ones (names, literals) may be repeated; others may raise if ``fallible``."""

    text: str
    type: SqlType | None
    nullable: bool = True
    plain: bool = False
    fallible: bool = False


class ExpressionError(KsqlStatementError):
    """An ill-typed expression; the message says where."""


def problem(expression: Expression, detail: str) -> ExpressionError:
    """The refusal of an expression, with its text."""
    text = format_expression(expression)
    return ExpressionError(f"Error processing expression: {text}. {detail}\nStatement: {text}", text)


Failed = Callable[[str, Exception], None]
"""Told which expression failed on the record at hand, and why."""


def attempt(compute: Callable[[], Any], label: str, failed: Failed | None) -> Any:
    """The value that ``compute`` gives; NULL if it fails, which ``failed`` is told."""
    try:
        return compute()
    except EVALUATION_ERRORS as error:
        if failed is not None:
            failed(label, error)
        return None

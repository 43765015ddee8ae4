"""WHERE and HAVING to ``Filter`` steps."""

from __future__ import annotations

from pocket_ksql import types
from pocket_ksql.errors import ConversionError, KsqlStatementError
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.planner.draft import Draft
from pocket_ksql.planner.plan import Filter, Step


def build(draft: Draft, step: Step, predicate: Expression, label: str) -> Step:
    """``step`` with only the rows that meet ``predicate``; ``label`` names the clause."""
    try:
        return _checked_filter(draft, step, predicate, label)
    except KsqlStatementError as error:
        message, text = error.message, error.statement_text
        for name, shown in draft.shown_as.items():
            message = message.replace(name, shown)
            text = text and text.replace(name, shown)
        raise KsqlStatementError(message, text, error.error_code) from None


def _checked_filter(draft: Draft, step: Step, predicate: Expression, label: str) -> Step:
    try:
        of = draft.type_of(predicate, step)
    except ConversionError as error:
        raise KsqlStatementError(f"Invalid Predicate: {error.message}", format_expression(predicate)) from None
    except KsqlStatementError as error:
        message = f"Error in {label} expression: {error.message}"
        raise KsqlStatementError(message, error.statement_text or format_expression(predicate)) from None
    if of != types.BOOLEAN:
        text = format_expression(predicate)
        raise KsqlStatementError(
            f"Type error in {label} expression: Should evaluate to boolean but is {text} ({of}) instead."
            f"\nStatement: {text}",
            text,
        )
    return Filter(step.columns, step.key, step.is_table, step.window, step, predicate, label)

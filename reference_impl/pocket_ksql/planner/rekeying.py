"""PARTITION BY to a ``Rekey`` step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.planner.draft import Draft, Item
from pocket_ksql.planner.plan import Rekey, Step


def build(draft: Draft, step: Step, items: list[Item]) -> tuple[Step, list[Item]]:
    """A step with the new key, and ``items`` where the key's expressions are replaced by its columns."""
    draft.key_label = "partitioning expression"
    draft.key_texts = [format_expression(one) for one in draft.query.partition_by]
    if step.window is not None:
        raise KsqlStatementError("Implicit repartitioning of windowed sources is not supported. "
                                 "See https://github.com/confluentinc/ksql/issues/4385.")  # fmt: skip
    if all(isinstance(one, ex.NullLiteral) for one in draft.query.partition_by):
        draft.viable_keys = []
        return Rekey(step.columns, (), False, None, step, ()), items
    if any(isinstance(one, ex.NullLiteral) for one in draft.query.partition_by):
        raise KsqlStatementError("Cannot PARTITION BY multiple columns including NULL")
    keys = draft.key_columns(step, items, draft.query.partition_by)
    added = tuple(column for column, expression in keys if not _is_column(expression, step))
    columns = (*step.columns, *added)
    names = tuple(column.name for column, _ in keys)
    draft.viable_keys = list(names)
    if any(item.from_star for item in items):
        old = [ex.ColumnRef(name) for name in step.key] if not draft.joined else []
        items = sorted(items, key=lambda item: item.from_star and item.expression in old)  # old keys come last
        shown = {item.expression for item in items}
        new = [name for name in names if ex.ColumnRef(name) not in shown]
        items = [Item(name, ex.ColumnRef(name), True) for name in new] + items
    known = {expression: column.name for column, expression in keys}
    items = [replace(item, expression=_substitute(item.expression, known)) for item in items]
    return Rekey(columns, names, False, None, step, keys), items


def _is_column(expression: Expression, step: Step) -> bool:
    return isinstance(expression, ex.ColumnRef) and any(column.name == expression.name for column in step.columns)


def _substitute(expression: Expression, known: Mapping[Expression, str]) -> Expression:
    return ex.transform(expression, lambda one: ex.ColumnRef(known[one]) if one in known else None)

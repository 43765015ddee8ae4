"""The last step of a query: its columns with their types, and which of them make the key."""

from __future__ import annotations

from dataclasses import replace

from pocket_ksql import types
from pocket_ksql.errors import ConversionError, KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.expressions import Expression
from pocket_ksql.planner.draft import Draft, Item
from pocket_ksql.planner.plan import Filter, ForeignKeyJoin, Plan, Project, Step
from pocket_ksql.schema import Column, Place


def build(draft: Draft, step: Step, items: list[Item]) -> Plan:
    """The whole plan, which ends with ``items`` over ``step``."""
    names = [item.name for item in items]
    try:
        typed = [(Column(item.name, draft.column_type(item.expression, step)), item.expression) for item in items]
    except ConversionError as error:
        raise KsqlStatementError(f"Invalid Select: {error.message}") from None
    for column, _ in reversed(typed):
        if names.count(column.name) > 1:
            raise KsqlStatementError(f"Duplicate value columns found in schema: {column}")
    key = _result_key(draft, step, items)
    columns: list[tuple[Column, Expression]] = []
    for column, expression in typed:
        place = Place.KEY if column.name in key else Place.VALUE
        columns.append((replace(column, place=place), _without_as_value(expression)))
    selected = tuple(column for column, _ in columns)
    ordered = sorted(columns, key=lambda pair: key.index(pair[0].name) if pair[0].name in key else len(key))
    root = Project(tuple(column for column, _ in ordered), tuple(key), step.is_table, step.window, step, tuple(ordered))
    if draft.sink is not None and not any(column.place is Place.VALUE for column in selected):
        raise KsqlStatementError("The projection contains no value columns.")
    sources = tuple(one.source for one in draft.resolved.sources)
    return Plan(root, selected, sources, draft.query.limit)


def _result_key(draft: Draft, step: Step, items: list[Item]) -> list[str]:
    """Names of the result's columns that make its key."""
    if not step.key:
        return []
    result: list[str] = []
    for name in step.key:
        candidates = draft.viable_keys if len(step.key) == 1 else [name]
        found = [
            item.name
            for item in items
            if isinstance(item.expression, ex.ColumnRef) and item.expression.name in candidates
        ]
        if not found:
            if draft.sink is None or draft.keyless:
                continue
            raise KsqlStatementError(_missing_foreign_key(draft, step) or _missing_key(draft))
        own = [item.name for item in items if item.expression == ex.ColumnRef(name)]
        if draft.sink is not None and len(own) > 1:
            where = f"a key column more than once: {' and '.join(types.quoted(one) for one in own)}"
            if draft.key_label in ("join expression", "partitioning expression"):
                shown = types.quoted(name)
                where = f"a key column ({shown}) more than once, aliased as: {' and '.join(sorted(own))}"
            raise KsqlStatementError(
                f"The projection contains {where}."
                "\nEach key column must only be in the projection once. "
                "If you intended to copy the key into the value, then consider using the AS_VALUE function "
                "to indicate which key reference should be copied."
            )
        result.append(own[0] if own else found[0])
    return result


def _missing_foreign_key(draft: Draft, step: Step) -> str | None:
    """What is said when a foreign-key join does not select the left table's key."""
    while isinstance(step, Filter):
        step = step.input
    if not isinstance(step, ForeignKeyJoin):
        return None
    left = draft.resolved.sources[0]
    names = [column.name for column in left.source.schema.key]
    listed = ", ".join(map(types.quoted, names))
    return (
        "Primary key column missing in projection. For foreign-key table-table joins, the projection must include "
        f"all primary key columns from the left input table ({types.quoted(left.source.name)}). "
        f"Missing column{'s' if len(names) > 1 else ''}: {listed}."
    )


def _missing_key(draft: Draft) -> str:
    keys = draft.key_texts or [_shown_key(draft, name) for name in draft.viable_keys]
    label, any_of = draft.key_label, draft.key_label == "join expression"
    label += "s" if len(keys) > 1 else ""
    listed = " or ".join(keys) if any_of else " and ".join(keys)
    if len(keys) > 2:
        listed = ", ".join(keys[:-1]) + (" or " if any_of else " and ") + keys[-1]
    message = (
        f"Key missing from projection (ie, SELECT). \nThe query used to build {types.quoted(draft.sink or '')} must "
        f"include the {label} {listed} in its projection (eg, SELECT {keys[0] if any_of else ', '.join(keys)}...)."
    )
    if draft.synthetic_key:
        message += (
            f"\n{keys[0]} was added as a synthetic key column because the join criteria did not match any source "
            "column. This expression must be included in the projection and may be aliased. "
        )
    return message


def _shown_key(draft: Draft, name: str) -> str:
    for one in draft.resolved.sources if draft.joined else ():
        if name.startswith(one.alias + "_"):
            return f"{one.alias}.{name.removeprefix(one.alias + '_')}"
    return name


def _without_as_value(expression: Expression) -> Expression:
    if isinstance(expression, ex.Call) and expression.name == "AS_VALUE" and len(expression.arguments) == 1:
        return expression.arguments[0]
    return expression

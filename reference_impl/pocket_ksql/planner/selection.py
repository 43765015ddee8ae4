"""SELECT to items: stars and structs written out, table functions to a ``FlatMap`` step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.language.expressions import Expression
from pocket_ksql.planner.draft import Draft, Item
from pocket_ksql.planner.plan import FlatMap, Step
from pocket_ksql.schema import PSEUDO_COLUMNS, SYSTEM_COLUMNS, WINDOW_BOUNDS, Column, Place


def items(draft: Draft, step: Step) -> Iterator[Item]:
    """The columns of the result, over ``step``."""
    for item in draft.query.select:
        match item:
            case st.SelectStar(source):
                yield from _star(draft, source, step)
            case st.SelectStruct(expression):
                yield from _struct(draft, draft.internal(expression), step)
            case st.SelectColumn(expression, alias):
                assert alias is not None
                if alias in SYSTEM_COLUMNS and draft.sink is not None:
                    raise KsqlStatementError(_reserved(alias, expression))
                yield Item(alias, draft.internal(expression))


def _star(draft: Draft, source: str | None, step: Step) -> Iterator[Item]:
    if draft.synthetic_key and source is None:
        yield from (Item(name, ex.ColumnRef(name), True) for name in step.key)
    for one in draft.resolved.sources:
        if source in (None, one.alias):
            prefix = f"{one.alias}_" if draft.joined else ""
            names = [column.name for column in one.source.schema.key]
            if one.source.window is not None and draft.sink is None and not draft.query.group_by:
                names += WINDOW_BOUNDS
            names += [column.name for column in one.source.schema if column.place is not Place.KEY]
            if draft.joined and draft.query.partition_by and draft.sink is not None:
                keys = [column.name for column in one.source.schema.key]
                names = [*names[len(keys) :], *PSEUDO_COLUMNS, *keys]
            yield from (Item(prefix + name, ex.ColumnRef(prefix + name), True) for name in names)


def _struct(draft: Draft, expression: Expression, step: Step) -> Iterator[Item]:
    of = draft.type_of(expression, step)
    if not isinstance(of, types.Struct):
        raise KsqlStatementError(
            f"Cannot select all fields ('->*') of {draft.shown(expression)}: it is not a STRUCT but {of}."
        )
    for name, _ in of.fields:
        yield Item(name, ex.Dereference(expression, name))


def table_functions(draft: Draft, step: Step, items: list[Item]) -> tuple[Step, list[Item]]:
    """A step that calls the table functions in ``items``, and the items with its columns in their place."""
    calls: dict[ex.Call, Column] = {}

    def replace_calls(expression: Expression) -> Expression:
        def change(one: Expression) -> Expression | None:
            if not (isinstance(one, ex.Call) and draft.functions.is_table(one.name)):
                return None
            inside = [part.name for a in one.arguments for part in ex.walk(a) if isinstance(part, ex.Call)]
            if any(map(draft.functions.is_table, inside)):
                raise KsqlStatementError("Table functions cannot be nested")
            if draft.query.group_by or any(map(draft.functions.is_aggregate, inside)):
                raise KsqlStatementError("Table functions cannot be used with aggregations.")
            if one not in calls:
                calls[one] = Column(f"KSQL_SYNTH_{len(calls)}", draft.type_of(one, step))
            return ex.ColumnRef(calls[one].name)

        return ex.transform(expression, change)

    replaced = [replace(item, expression=replace_calls(item.expression)) for item in items]
    if not calls:
        return step, items
    if step.is_table:
        raise KsqlStatementError("Table source is not supported with table functions")
    columns = (*step.columns, *calls.values())
    pairs = tuple((column, call) for call, column in calls.items())
    return FlatMap(columns, step.key, False, step.window, step, pairs), replaced


def _reserved(alias: str, expression: Expression) -> str:
    """Why a column of the result cannot have the name of a system column."""
    if isinstance(expression, ex.ColumnRef) and expression.name == alias:
        return f"Reserved column name in select: `{alias}`. Please remove or alias the column."
    return f"`{alias}` is a reserved column name. You cannot use it as an alias for a column."

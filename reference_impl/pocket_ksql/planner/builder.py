"""A resolved query to the steps of a plan, clause by clause, with the checks that ksqlDB makes on the way."""

from __future__ import annotations

from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.language import expressions as ex
from pocket_ksql.planner import aggregation, filtering, joins, projection, rekeying, selection
from pocket_ksql.planner.draft import Draft, Item, Typer, read
from pocket_ksql.planner.plan import FlatMap, Plan, Step
from pocket_ksql.planner.resolve import Resolved


def build(
    resolved: Resolved, functions: FunctionRegistry, type_of: Typer, sink: str | None = None, keyless: bool = False
) -> Plan:
    """The plan of a query; ``sink`` names the source it builds, ``None`` for a push or pull query.

    ``keyless`` says that a projection may leave out the key, and the result then has none.
    """
    draft = Draft(resolved, functions, type_of, sink, keyless)
    query = draft.query
    step: Step = joins.build(draft) if draft.joined else read(draft.resolved.sources[0])
    if not draft.joined:
        draft.viable_keys = list(step.key)
    _check(draft, step)
    if query.where is not None:
        step = filtering.build(draft, step, draft.internal(query.where), "WHERE")
    items = list(selection.items(draft, step))
    step, items = selection.table_functions(draft, step, items)
    if query.partition_by:
        step, items = rekeying.build(draft, step, items)
    if query.group_by or _has_aggregates(draft, items):
        if isinstance(step, FlatMap):
            raise KsqlStatementError("Table functions cannot be used with aggregations.")
        step, items, having = aggregation.build(draft, step, items)
        if having is not None:
            step = filtering.build(draft, step, having, "HAVING")
    elif query.window is not None:
        raise KsqlStatementError("WINDOW clause requires a GROUP BY clause.")
    elif query.having is not None:
        raise KsqlStatementError("HAVING clause requires aggregate functions or a GROUP BY clause.")
    return projection.build(draft, step, items)


def _check(draft: Draft, step: Step) -> None:
    query = draft.query
    if query.partition_by and step.is_table:
        raise KsqlStatementError("PARTITION BY clause is only supported for STREAM sources.")
    if query.partition_by and query.group_by:
        raise KsqlStatementError("PARTITION BY clause is not supported with GROUP BY.")
    if query.emit == "FINAL" and query.window is None:
        raise KsqlStatementError("EMIT FINAL is only supported for windowed aggregations.")
    clauses = [("WHERE", query.where)] + [("PARTITION BY", one) for one in query.partition_by]
    for clause, expression in clauses:
        if expression is not None:
            draft.check_scalar(clause, expression)
    for one in query.group_by:
        draft.check_one_row("GROUP BY", one)
    if query.having is not None:
        draft.check_one_row("HAVING", query.having)


def _has_aggregates(draft: Draft, items: list[Item]) -> bool:
    having = [draft.query.having] if draft.query.having is not None else []
    expressions = [*(item.expression for item in items), *having]
    return any(
        isinstance(one, ex.Call) and draft.functions.is_aggregate(one.name)
        for expression in expressions
        for one in ex.walk(expression)
    )

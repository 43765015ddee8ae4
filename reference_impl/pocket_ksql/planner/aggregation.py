"""GROUP BY, aggregates, HAVING and windows to an ``Aggregate`` step."""

from __future__ import annotations

from dataclasses import replace

from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.language.expressions import Expression
from pocket_ksql.planner.draft import Draft, Item
from pocket_ksql.planner.plan import Aggregate, AggregateCall, Step
from pocket_ksql.schema import ROWTIME, WINDOW_BOUNDS, Column, Place
from pocket_ksql.source import KeyWindow, WindowKind


def key_window(window: st.Window | None) -> KeyWindow | None:
    """How the keys of the window's result are laid out."""
    if window is None:
        return None
    kind = WindowKind[window.kind]
    return KeyWindow(kind, None if kind is WindowKind.SESSION else window.size.milliseconds)


def build(draft: Draft, step: Step, items: list[Item]) -> tuple[Step, list[Item], Expression | None]:
    """The aggregate step, the items of the projection over it, and the HAVING condition over it."""
    query = draft.query
    having = draft.internal(query.having) if query.having is not None else None
    if not query.group_by:
        _refuse_ungrouped(draft, items)
    if step.window is not None and query.window is None and step.is_table:
        raise KsqlStatementError("GROUP BY is not supported on windowed table sources.")
    unsupported = [one.source.name for one in draft.resolved.sources if one.source.value_format.name == "KAFKA"]
    if unsupported:
        raise KsqlStatementError(
            f"Source(s) {', '.join(unsupported)} are using the 'KAFKA' value format. This format does not yet support "
            "GROUP BY."
        )
    if step.is_table and query.window is not None:
        raise KsqlStatementError("WINDOW clause is only supported for STREAM sources.")
    if query.window is not None:
        _check_window(query.window)
    _check_group_by(draft)
    groups = draft.key_columns(step, items, query.group_by)
    known = {expression: column.name for column, expression in groups}
    calls: dict[ex.Call, AggregateCall] = {}

    def lift(expression: Expression) -> Expression:
        """``expression`` over the result of the aggregation."""

        def change(one: Expression) -> Expression | None:
            if one in known:
                return ex.ColumnRef(known[one])
            if isinstance(one, ex.Call) and draft.functions.is_aggregate(one.name):
                return ex.ColumnRef(_call(draft, step, _over_rowtime(draft, one), calls).column.name)
            return None

        return ex.transform(expression, change)

    lifted = [replace(item, expression=lift(item.expression)) for item in items]
    if having is not None:
        _refuse_bounds(draft, having)
    lifted_having = None if having is None else lift(having)
    if not calls:
        for item in items:
            draft.type_of(item.expression, step)  # an unknown function is the better complaint
        raise KsqlStatementError("GROUP BY requires aggregate functions in either the SELECT or HAVING clause.")
    names = {column.name for column, _ in groups} | {one.column.name for one in calls.values()}
    if query.window is not None:
        names |= WINDOW_BOUNDS.keys()
    _refuse_ungrouped_columns(draft, items, lifted, names, "SELECT")
    if having is not None and lifted_having is not None:
        _refuse_having(draft, having, lifted_having, names)
    columns = [column for column, _ in groups] + [one.column for one in calls.values()]
    if query.window is not None:
        columns += [Column(name, of) for name, of in WINDOW_BOUNDS.items()]
    draft.viable_keys = [column.name for column, _ in groups]
    draft.key_label = "grouping expression"
    aggregate = Aggregate(
        tuple(columns),
        tuple(column.name for column, _ in groups),
        True,
        key_window(query.window),
        step,
        groups,
        tuple(calls.values()),
        query.window,
        query.emit == "FINAL",
    )
    return aggregate, lifted, lifted_having


def _over_rowtime(draft: Draft, call: ex.Call) -> ex.Call:
    """An aggregate of ``*`` or of nothing is one of the rows' times; only COUNT has a meaning of its own for it."""
    has_own = any(not variant.signature.parameters for variant in draft.functions.find(call.name).variants)
    if call.arguments or has_own:
        return call
    rowtime = draft.internal(ex.ColumnRef(ROWTIME, draft.resolved.sources[0].alias))
    return replace(call, arguments=(rowtime,))


def _call(draft: Draft, step: Step, call: ex.Call, calls: dict[ex.Call, AggregateCall]) -> AggregateCall:
    if call not in calls:
        for argument in call.arguments:
            _refuse_bounds(draft, argument)
            for one in ex.walk(argument):
                if isinstance(one, ex.Call) and draft.functions.is_aggregate(one.name):
                    raise KsqlStatementError(f"Aggregate functions can not be nested: {call.name}({one.name}())")
        of = draft.type_of(call, step)
        name = f"KSQL_AGG_VARIABLE_{len(calls)}"
        calls[call] = AggregateCall(Column(name, of, Place.VALUE), call)
        draft.shown_as[name] = draft.shown(call)
    return calls[call]


def _check_group_by(draft: Draft) -> None:
    """No aggregates, and of a windowed aggregation no bounds of the windows that are yet to be made."""
    for expression in draft.query.group_by:
        for one in ex.walk(expression):
            if isinstance(one, ex.Call) and draft.functions.is_aggregate(one.name):
                raise KsqlStatementError(
                    f"GROUP BY does not support aggregate functions: {one.name} is an aggregate function."
                )
        _refuse_bounds(draft, expression)


def _refuse_bounds(draft: Draft, expression: Expression) -> None:
    """Refuse the bounds of a windowed aggregation's own windows outside of SELECT."""
    if draft.query.window is None:
        return
    for one in ex.walk(expression):
        if isinstance(one, ex.ColumnRef) and one.source is None and one.name in WINDOW_BOUNDS:
            raise KsqlStatementError(
                f"Window bounds column {one.name} can only be used in the SELECT clause of windowed aggregations and "
                "can not be passed to aggregate functions"
            )


def _refuse_ungrouped(draft: Draft, items: list[Item]) -> None:
    """Aggregates without GROUP BY: name the plain columns if there are any, else the aggregate."""
    plain, first = [], ""
    for item in items:
        inside = [
            f"{one.name}(ROWTIME)" if not one.arguments else draft.shown(one)
            for one in ex.walk(item.expression)
            if isinstance(one, ex.Call) and draft.functions.is_aggregate(one.name)
        ]
        first = first or (inside[0] if inside else "")
        if not inside and any(isinstance(one, ex.ColumnRef) for one in ex.walk(item.expression)):
            plain.append(draft.shown(item.expression))
    if plain:
        raise KsqlStatementError(_not_grouped("SELECT", plain))
    if draft.sink is None:
        raise KsqlStatementError(f"Use of aggregate function {first} requires a GROUP BY clause.")
    raise KsqlStatementError(
        f"CREATE TABLE AS SELECT statement does not support aggregate function [{first}] without a GROUP BY clause."
    )


def _not_grouped(clause: str, expressions: list[str]) -> str:
    return (
        f"Non-aggregate {clause} expression(s) not part of GROUP BY: {', '.join(expressions)}"
        f"\nEither add the column(s) to the GROUP BY or remove them from the {clause}."
    )


def _ungrouped(lifted: Expression, names: set[str]) -> bool:
    return any(isinstance(one, ex.ColumnRef) and one.name not in names for one in ex.walk(lifted))


def _refuse_ungrouped_columns(
    draft: Draft, items: list[Item], lifted: list[Item], names: set[str], clause: str
) -> None:
    wrong = [
        draft.shown(item.expression)
        for item, over in zip(items, lifted, strict=True)
        if _ungrouped(over.expression, names)
    ]
    if wrong:
        raise KsqlStatementError(_not_grouped(clause, wrong))


def _refuse_having(draft: Draft, having: Expression, lifted: Expression, names: set[str]) -> None:
    if _ungrouped(lifted, names):
        wrong = [draft.shown(one) for one in ex.walk(lifted) if isinstance(one, ex.ColumnRef) and one.name not in names]
        raise KsqlStatementError(
            f"Non-aggregate HAVING expression not part of GROUP BY: {', '.join(wrong)}"
            "\nConsider switching the HAVING clause to a WHERE clause before the GROUP BY."
        )


def _check_window(window: st.Window) -> None:
    size = window.size.milliseconds
    if size <= 0:
        raise KsqlStatementError("Window size must be larger than zero.")
    if window.advance is not None and not 0 < window.advance.milliseconds <= size:
        raise KsqlStatementError(
            "Window advancement interval must be more than zero and no more than the window's size."
        )
    grace = 0 if window.grace is None else window.grace.milliseconds
    if window.retention is not None and window.retention.milliseconds < size + grace:
        raise KsqlStatementError(
            f"The retention period of the window store must be no smaller than its window size plus the grace period. "
            f"Got size=[{size}], grace=[{grace}], retention=[{window.retention.milliseconds}]"
        )

"""CREATE OR REPLACE … AS SELECT: whether the new query can go on where the old one stops.

The new query takes over the offsets and the state of the old one. So it must read the same topics, and what keeps
state must be the same; filters and what is computed of a row may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.planner.plan import Aggregate, Filter, Plan, Project, Read, Rekey, Step
from pocket_ksql.schema import Column

_FREE = (Filter, Project)
"""Steps that keep no state and may come, go and change."""


def check(old: Plan, new: Plan) -> None:
    """Raise ``KsqlStatementError`` if ``new`` cannot replace the running ``old``."""
    if old.root == new.root:
        return
    for before, after in zip_longest(_lasting(old.root), _lasting(new.root)):
        _check_step(before, after)


def _lasting(step: Step) -> Iterator[Step]:
    """The steps that must stay, from the last one to a source or a join."""
    while True:
        if not isinstance(step, _FREE):
            yield step
        below = getattr(step, "input", None)
        if below is None:
            return
        step = below


def _check_step(before: Step | None, after: Step | None) -> None:
    step = after or before
    assert step is not None
    if type(before) is not type(after):
        raise KsqlStatementError(
            f"Query is not upgradeable. Plan step of type {_name(before)} must stay what it is. "
            f"Values differ: {_name(before)} vs. {_name(after)}"
        )
    match before, after:
        case Read(), Read():
            _same(before, "topicName", before.source.topic, after.source.topic)
            _same(before, "formats", before.source.value_format.name, after.source.value_format.name)
        case Rekey(), Rekey():
            _same(before, "keyExpressions", _shown(before.items), _shown(after.items))
        case Aggregate(), Aggregate() if before.over is None and after.over is None and not _below_is_table(before):
            _same(before, "groupByExpressions", _shown(before.group_by), _shown(after.group_by))
            _same(before, "nonAggregateColumns", _columns_used(before), _columns_used(after))
            _same(before, "aggregationFunctions", _called(before), _called(after))
        case _:
            raise KsqlStatementError(f"Upgrades not yet supported for {_name(step)}")


def _below_is_table(step: Aggregate) -> bool:
    return step.input.is_table


def _same(step: Step, what: str, before: object, after: object) -> None:
    if before != after:
        raise KsqlStatementError(
            f"Query is not upgradeable. Plan step of type {_name(step)} must have matching {what}. "
            f"Values differ: {before} vs. {after}"
        )


def _name(step: Step | None) -> str:
    """The step as ksqlDB calls it: StreamSource, TableSource, StreamAggregate, StreamTableJoin …"""
    match step:
        case None:
            return "nothing"
        case Read():
            return f"{'Table' if step.is_table else 'Stream'}Source"
        case Aggregate():
            windowed = "" if step.over is None else "Windowed"
            return f"{'Table' if _below_is_table(step) else 'Stream'}{windowed}Aggregate"
        case Rekey():
            return "StreamSelectKey"
    return type(step).__name__


def _shown(items: Iterable[tuple[Column, Expression]]) -> list[str]:
    return [f"{format_expression(expression)} AS {types.quoted(column.name)}" for column, expression in items]


def _called(step: Aggregate) -> list[str]:
    return [format_expression(one.call) for one in step.calls]


def _columns_used(step: Aggregate) -> list[str]:
    """The columns of the source that the aggregation and the filters below it name."""
    expressions = [expression for _, expression in step.group_by]
    expressions += [argument for one in step.calls for argument in one.call.arguments]
    below: Step | None = step.input
    while below is not None:
        if isinstance(below, Filter):
            expressions.append(below.predicate)
        below = getattr(below, "input", None)
    names = {part.name for one in expressions for part in ex.walk(one) if isinstance(part, ex.ColumnRef)}
    return sorted(map(types.quoted, names))

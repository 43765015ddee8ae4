"""Joins read equal keys from equal partitions: both sides need as many, unless one is written anew under its key."""

from __future__ import annotations

from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.planner.plan import (
    Filter,
    FlatMap,
    ForeignKeyJoin,
    Project,
    Read,
    Step,
    StreamStreamJoin,
    StreamTableJoin,
    TableTableJoin,
)
from pocket_ksql.services import Topics
from pocket_ksql.types import quoted

_PASSING = (Filter, Project, FlatMap)
_JOINS = (StreamStreamJoin, StreamTableJoin, TableTableJoin)


def check(step: Step, topics: Topics) -> None:
    """Raise ``KsqlStatementError`` where the partitions of a join's sides do not match."""
    if isinstance(step, _JOINS):
        check(step.left, topics)
        check(step.right, topics)
        left, right = _read(step.left), _read(step.right)
        if left is not None and right is not None:
            _compare(left, right, topics)
    elif isinstance(step, ForeignKeyJoin):
        check(step.left, topics)
        check(step.right, topics)
    elif not isinstance(step, Read):
        check(getattr(step, "input"), topics)  # noqa: B009 - every other step has one


def _compare(left: Read, right: Read, topics: Topics) -> None:
    counts = topics.partitions(left.source.topic), topics.partitions(right.source.topic)
    if None in counts or counts[0] == counts[1]:
        return
    first, second = quoted(left.alias), quoted(right.alias)
    raise KsqlStatementError(
        f"Can't join {first} with {second} since the number of partitions don't match. "
        f"{first} partitions = {counts[0]}; {second} partitions = {counts[1]}. "
        "Please repartition either one so that the number of partitions match."
    )


def _read(step: Step) -> Read | None:
    """The source whose partitions a side has; ``None`` where a new key lies between."""
    while not isinstance(step, Read):
        if isinstance(step, _PASSING):
            step = step.input
        elif isinstance(step, _JOINS):
            step = step.left
        else:
            return None
    return step

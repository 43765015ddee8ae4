"""The steps of a query, as values. A step lists every column that can be named after it, and which make the key.

Columns of a join are named ``ALIAS_COLUMN``; with one source they keep their names. Expressions inside steps refer
to these names, without a qualifier.
"""

from __future__ import annotations

from dataclasses import dataclass

from pocket_ksql.language.expressions import Call, Expression
from pocket_ksql.language.statements import Window
from pocket_ksql.schema import Column
from pocket_ksql.source import KeyWindow, Source


@dataclass(frozen=True)
class Step:
    """Base of all steps. ``window`` is set when keys carry a window."""

    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_table: bool
    window: KeyWindow | None

    def type_of(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Read(Step):
    """A source; its columns and the pseudo columns are named with ``prefix``."""

    source: Source
    alias: str
    prefix: str = ""


@dataclass(frozen=True)
class Filter(Step):
    input: Step
    predicate: Expression
    label: str = "WHERE"


@dataclass(frozen=True)
class Project(Step):
    """Exactly the columns listed, each with its expression."""

    input: Step
    items: tuple[tuple[Column, Expression], ...]


@dataclass(frozen=True)
class FlatMap(Step):
    """One row for each value that the table functions give; their columns are added."""

    input: Step
    calls: tuple[tuple[Column, Call], ...]


@dataclass(frozen=True)
class Rekey(Step):
    """A new key; the columns of ``items`` that are not plain columns are added."""

    input: Step
    items: tuple[tuple[Column, Expression], ...]


@dataclass(frozen=True)
class AggregateCall:
    """One aggregate with the column that its result goes to; constant arguments are part of the function."""

    column: Column
    call: Call


@dataclass(frozen=True)
class Aggregate(Step):
    input: Step
    group_by: tuple[tuple[Column, Expression], ...]
    calls: tuple[AggregateCall, ...]
    over: Window | None = None
    final: bool = False


@dataclass(frozen=True)
class StreamTableJoin(Step):
    left: Step
    right: Step
    kind: str


@dataclass(frozen=True)
class StreamStreamJoin(Step):
    left: Step
    right: Step
    kind: str
    before: int
    after: int
    grace: int | None


@dataclass(frozen=True)
class TableTableJoin(Step):
    left: Step
    right: Step
    kind: str


@dataclass(frozen=True)
class ForeignKeyJoin(Step):
    """Table with table where ``foreign_key`` of the left is the right's key."""

    left: Step
    right: Step
    kind: str
    foreign_key: Expression


@dataclass(frozen=True)
class Plan:
    """A query: its last step, and the columns that its rows have in order of the projection."""

    root: Step
    selected: tuple[Column, ...]
    sources: tuple[Source, ...]
    limit: int | None = None


def aggregate_of(step: Step | None) -> Aggregate | None:
    """The aggregation that ``step`` follows, if it follows one."""
    while step is not None and not isinstance(step, Aggregate):
        step = getattr(step, "input", None)
    return step

"""Statements, queries and their clauses: the rest of the syntax tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pocket_ksql.language.expressions import Expression, Location
from pocket_ksql.schema import Place
from pocket_ksql.types import SqlType

Properties = Mapping[str, Expression]
"""A WITH clause: names in upper case, literal values."""


@dataclass(frozen=True)
class Duration:
    """``5 MINUTES``: a count of a unit, kept as written for the canonical text."""

    count: int
    unit: str

    @property
    def milliseconds(self) -> int:
        return self.count * MILLISECONDS[self.unit]


MILLISECONDS = {
    "MILLISECONDS": 1,
    "SECONDS": 1_000,
    "MINUTES": 60_000,
    "HOURS": 3_600_000,
    "DAYS": 86_400_000,
    "WEEKS": 604_800_000,
    "MONTHS": 2_592_000_000,
    "YEARS": 31_536_000_000,
}
LENGTHS = frozenset(["MILLISECONDS", "SECONDS", "MINUTES", "HOURS", "DAYS"])
"""Units that windows and the like are measured in; the others are for functions, where the calendar counts."""


# --- queries ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SelectStar:
    """``*`` or ``source.*``."""

    source: str | None = None
    location: Location | None = field(default=None, compare=False)


@dataclass(frozen=True)
class SelectStruct:
    """``expression->*``: every field of a struct as a column."""

    expression: Expression


@dataclass(frozen=True)
class SelectColumn:
    expression: Expression
    alias: str | None = None


SelectItem = SelectStar | SelectStruct | SelectColumn


@dataclass(frozen=True)
class SourceRef:
    """A source in FROM or JOIN; ``alias`` is its own name when none is given."""

    name: str
    alias: str
    location: Location | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Within:
    before: Duration
    after: Duration
    grace: Duration | None = None


@dataclass(frozen=True)
class Join:
    """``kind`` is INNER, LEFT, RIGHT or OUTER."""

    kind: str
    right: SourceRef
    condition: Expression
    within: Within | None = None


@dataclass(frozen=True)
class Window:
    """``kind`` is TUMBLING, HOPPING or SESSION; ``size`` is the gap of a session."""

    kind: str
    size: Duration
    advance: Duration | None = None
    retention: Duration | None = None
    grace: Duration | None = None


@dataclass(frozen=True)
class Query:
    """A SELECT. ``emit`` is CHANGES, FINAL or ``None`` (a pull query when it stands alone)."""

    select: tuple[SelectItem, ...]
    source: SourceRef
    joins: tuple[Join, ...] = ()
    window: Window | None = None
    where: Expression | None = None
    group_by: tuple[Expression, ...] = ()
    partition_by: tuple[Expression, ...] = ()
    having: Expression | None = None
    emit: str | None = None
    limit: int | None = None


# --- definitions -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Statement:
    """Base of all statements."""


@dataclass(frozen=True)
class ColumnDefinition:
    """A column as declared; ``primary`` tells PRIMARY KEY from KEY."""

    name: str
    type: SqlType
    place: Place = Place.VALUE
    primary: bool = False
    header: str | None = None
    location: Location | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class CreateSource(Statement):
    """CREATE STREAM or CREATE TABLE over a topic; ``kind`` is STREAM or TABLE."""

    kind: str
    name: str
    columns: tuple[ColumnDefinition, ...]
    properties: Properties
    or_replace: bool = False
    if_not_exists: bool = False
    read_only: bool = False


@dataclass(frozen=True)
class CreateAs(Statement):
    kind: str
    name: str
    query: Query
    properties: Properties
    or_replace: bool = False
    if_not_exists: bool = False


@dataclass(frozen=True)
class InsertInto(Statement):
    target: str
    query: Query
    properties: Properties = field(default_factory=dict)
    location: Location | None = field(default=None, compare=False, repr=False)
    """Where the target is named."""


@dataclass(frozen=True)
class InsertValues(Statement):
    target: str
    columns: tuple[str, ...]
    values: tuple[Expression, ...]


@dataclass(frozen=True)
class Select(Statement):
    """A query that stands alone."""

    query: Query


@dataclass(frozen=True)
class AlterSource(Statement):
    kind: str
    name: str
    columns: tuple[ColumnDefinition, ...]


@dataclass(frozen=True)
class DropSource(Statement):
    kind: str
    name: str
    if_exists: bool = False
    delete_topic: bool = False


@dataclass(frozen=True)
class CreateType(Statement):
    name: str
    type: SqlType
    if_not_exists: bool = False


@dataclass(frozen=True)
class DropType(Statement):
    name: str
    if_exists: bool = False


@dataclass(frozen=True)
class Terminate(Statement):
    """``query_id`` is ``None`` for ALL, here and in the next two."""

    query_id: str | None


@dataclass(frozen=True)
class Pause(Statement):
    query_id: str | None


@dataclass(frozen=True)
class Resume(Statement):
    query_id: str | None


@dataclass(frozen=True)
class Set(Statement):
    name: str
    value: str


@dataclass(frozen=True)
class Unset(Statement):
    name: str


@dataclass(frozen=True)
class AlterSystem(Statement):
    name: str
    value: str


@dataclass(frozen=True)
class Define(Statement):
    name: str
    value: str


@dataclass(frozen=True)
class Undefine(Statement):
    name: str


# --- looking ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Show(Statement):
    """SHOW or LIST; ``what`` is STREAMS, TABLES, TOPICS, QUERIES, PROPERTIES, FUNCTIONS, TYPES, VARIABLES, …"""

    what: str
    extended: bool = False
    all: bool = False
    scope: str | None = None
    """SOURCE or SINK: only connectors of that kind."""


@dataclass(frozen=True)
class Describe(Statement):
    name: str
    extended: bool = False


@dataclass(frozen=True)
class DescribeSources(Statement):
    """DESCRIBE STREAMS or DESCRIBE TABLES."""

    what: str
    extended: bool = False


@dataclass(frozen=True)
class DescribeFunction(Statement):
    name: str


@dataclass(frozen=True)
class Explain(Statement):
    """Of a running query by id, or of a statement."""

    query_id: str | None
    statement: Statement | None = None
    analyze: bool = False


@dataclass(frozen=True)
class Print(Statement):
    topic: str
    from_beginning: bool = False
    interval: int | None = None
    limit: int | None = None


@dataclass(frozen=True)
class AssertTopic(Statement):
    topic: str
    properties: Properties
    timeout: Duration | None = None
    exists: bool = True


@dataclass(frozen=True)
class AssertSchema(Statement):
    subject: str | None
    schema_id: int | None
    timeout: Duration | None = None
    exists: bool = True


@dataclass(frozen=True)
class AssertValues(Statement):
    """Only in test files: a record must (or, with ``tombstone``, a deletion must) come out of a source."""

    target: str
    columns: tuple[str, ...]
    values: tuple[Expression, ...]
    tombstone: bool = False


@dataclass(frozen=True)
class AssertSource(Statement):
    """Only in test files: a source must have been defined so."""

    source: CreateSource


@dataclass(frozen=True)
class ConnectorStatement(Statement):
    """A statement about connectors, by its name; forwarded to a Connect worker where there is one."""

    action: str
    name: str | None = None
    properties: Properties = field(default_factory=dict)
    if_not_exists: bool = False
    if_exists: bool = False

"""Queries that are ready to run, and what a running one offers to whoever moves the records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from pocket_ksql.records import Change, Produced, Record, Rejected
from pocket_ksql.schema import Column, Schema
from pocket_ksql.source import Source

T_co = TypeVar("T_co", covariant=True)

Row = list[Any]
"""Values of one row, ready for ``orjson.dumps``."""


class Deleted(list[Any]):
    """A row of a table that is no longer there: its key, and NULL in all other columns."""


@dataclass(frozen=True)
class PreparedStatement:
    """One parsed statement: its text as sent (variables substituted), and its syntax tree."""

    text: str
    tree: Any


class Task(Protocol):
    """One running instance of a persistent query: single-threaded, deterministic."""

    @property
    def rejected(self) -> list[Rejected]:
        """Records that could not be used; the runner drains the list."""

    @property
    def keeps_state(self) -> bool:
        """Whether what a record leads to depends on the records before it."""

    def process(self, topic: str, records: Sequence[Record]) -> list[Produced]:
        """Take records of one source topic, in order, and return what they lead to, in order."""

    def flush(self) -> list[Produced]:
        """What is held back until time advances (``EMIT FINAL``, outer joins) is let go as if time had ended."""

    def release(self) -> list[Produced]:
        """What the record cache has gathered, if the task was opened with one."""

    def drain_changes(self) -> list[Change]:
        """Changes of the state stores since the last call, to be written to changelog topics."""

    def restore(self, change: Change) -> None:
        """Put one entry of a changelog back."""


class RowTask(Protocol):
    """One running instance of a push query, or of a scan of a stream."""

    @property
    def rejected(self) -> list[Rejected]: ...

    def process(self, topic: str, records: Sequence[Record]) -> list[Row]:
        """Take records of one source topic, in order, and return the rows they lead to, at most ``limit`` in all."""

    def release(self) -> list[Row]:
        """The rows that the record cache has gathered, if the task was opened with one; ``limit`` holds as well."""

    @property
    def done(self) -> bool:
        """Whether ``LIMIT`` has been reached."""


class Open(Protocol[T_co]):
    """Makes a running instance. With ``cache_bytes`` it gathers the changes of a table until they are released."""

    def __call__(self, cache_bytes: int = 0) -> T_co: ...


@dataclass(frozen=True)
class ResultColumn:
    """Name and type of one column of a result; ``type`` is ksqlDB's text (``ARRAY<STRING>``)."""

    name: str
    type: str
    is_key: bool = False


@dataclass(frozen=True)
class PersistentQuery:
    """A query that writes to a sink for as long as it runs."""

    id: str
    statement_text: str
    sources: tuple[str, ...]
    source_topics: tuple[str, ...]
    sink: Source | None
    schema: Schema
    properties: Mapping[str, Any]
    open: Open[Task] = field(repr=False)
    window_kind: str | None = None
    plan: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class TransientQuery:
    """A push query, or with ``bounded`` a pull query on a stream: read to the end offsets as of now, then stop."""

    id: str
    statement_text: str
    columns: tuple[ResultColumn, ...]
    sources: tuple[str, ...]
    source_topics: tuple[str, ...]
    limit: int | None
    open: Open[RowTask] = field(repr=False)
    bounded: bool = False


@dataclass(frozen=True)
class PullQuery:
    """A look-up in the state of the query ``query_id``; ``rows`` takes that query's running tasks."""

    id: str
    statement_text: str
    columns: tuple[ResultColumn, ...]
    source: str
    query_id: str
    rows: Callable[[Sequence[Task]], list[Row]] = field(repr=False)
    limit: int | None = None


def result_columns(columns: Iterable[Column], keys: Collection[str] = ()) -> tuple[ResultColumn, ...]:
    """The columns of a result from those of a schema; only look-ups in tables have ``keys``."""
    return tuple(ResultColumn(one.name, type_text(one), one.name in keys) for one in columns)


def type_text(column: Column) -> str:
    """A column's type as results name it."""
    return str(column.type)

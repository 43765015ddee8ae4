"""The engine: statements in, effects on the metastore and compiled queries out. No Kafka, no HTTP, no clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pocket_ksql.metastore import Metastore, Source
from pocket_ksql.records import Change, Produced, Record, Rejected
from pocket_ksql.schema import Schema
from pocket_ksql.services import Schemas, Topics

Row = list[Any]
"""Values of one row, ready for ``orjson.dumps``."""


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

    def process(self, topic: str, records: Sequence[Record]) -> list[Produced]:
        """Take records of one source topic, in order, and return what they lead to, in order."""

    def flush(self) -> list[Produced]:
        """What is held back until time advances (``EMIT FINAL``, outer joins) is let go as if time had ended."""

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

    @property
    def done(self) -> bool:
        """Whether ``LIMIT`` has been reached."""


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
    open: Callable[[], Task] = field(repr=False)
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
    open: Callable[[], RowTask] = field(repr=False)
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


@dataclass(frozen=True)
class Outcome:
    """What a statement did; ``statement_text`` is canonical where ksqlDB makes it so, ``message`` is ksqlDB's."""

    statement_text: str
    message: str = ""


@dataclass(frozen=True)
class SourceCreated(Outcome):
    source: Source | None = None


@dataclass(frozen=True)
class QueryStarted(Outcome):
    """A persistent query to run from now on; ``replaced`` is the id of the one to stop first (same id as the new)."""

    query: PersistentQuery | None = None
    source: Source | None = None
    replaced: str | None = None


@dataclass(frozen=True)
class QueriesTerminated(Outcome):
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class QueriesPaused(Outcome):
    """``PAUSE`` (``paused``) or ``RESUME``."""

    ids: tuple[str, ...] = ()
    paused: bool = True


@dataclass(frozen=True)
class SourceDropped(Outcome):
    """``terminated`` names the queries that wrote to it; ``delete_topic`` has already been carried out."""

    name: str = ""
    terminated: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordsInserted(Outcome):
    records: tuple[Produced, ...] = ()


@dataclass(frozen=True)
class TypeRegistered(Outcome):
    name: str = ""


@dataclass(frozen=True)
class TypeDropped(Outcome):
    name: str = ""


@dataclass(frozen=True)
class PropertyChanged(Outcome):
    """``SET`` or, with ``value`` ``None``, ``UNSET``; the session keeps properties, not the engine."""

    name: str = ""
    value: str | None = None


@dataclass(frozen=True)
class VariableChanged(Outcome):
    """``DEFINE`` or, with ``value`` ``None``, ``UNDEFINE``; already in the metastore's variables."""

    name: str = ""
    value: str | None = None


@dataclass(frozen=True)
class NothingDone(Outcome):
    """``IF NOT EXISTS`` on what exists (``warning``), ``IF EXISTS`` on what does not."""

    warning: bool = False


class Engine:
    """All of KSQL but the moving of records.

    ``topics`` and ``schemas`` are the world outside; ``service_id`` names internal topics and query ids.
    """

    def __init__(self, topics: Topics, schemas: Schemas, service_id: str = "default_") -> None:
        self.topics = topics
        self.schemas = schemas
        self.service_id = service_id
        self.metastore = Metastore()

    def prepare(self, text: str, variables: Mapping[str, str] | None = None) -> list[PreparedStatement]:
        """Split and parse; raises ``KsqlSyntaxError``. Later statements see variables that earlier ones define."""
        raise NotImplementedError

    def execute(
        self,
        statement: PreparedStatement,
        properties: Mapping[str, Any] | None = None,
        number: int | None = None,
    ) -> Outcome:
        """Carry a statement out; ``number`` becomes part of a new query's id. Raises ``KsqlStatementError``.

        Statements that only look (SHOW, DESCRIBE, EXPLAIN, PRINT, SELECT) are not for ``execute``.
        """
        raise NotImplementedError

    def push_query(self, statement: PreparedStatement, properties: Mapping[str, Any] | None = None) -> TransientQuery:
        """Compile ``SELECT … EMIT CHANGES``."""
        raise NotImplementedError

    def pull_query(
        self, statement: PreparedStatement, properties: Mapping[str, Any] | None = None
    ) -> PullQuery | TransientQuery:
        """Compile ``SELECT …`` without EMIT: a look-up on a table, a bounded scan on a stream."""
        raise NotImplementedError

    def explain(self, statement: PreparedStatement, properties: Mapping[str, Any] | None = None) -> PersistentQuery:
        """Compile a query or a ``CREATE … AS`` without starting it."""
        raise NotImplementedError


def result_columns(schema: Iterable[Any]) -> tuple[ResultColumn, ...]:
    """The columns of a result from those of a schema."""
    raise NotImplementedError

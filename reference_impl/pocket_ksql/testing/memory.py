"""KSQL in the test's own process: statements and rows in, rows out, no Kafka."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

import orjson

from pocket_ksql.engine import Engine, PreparedStatement
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.functions import builtin, user
from pocket_ksql.language import statements as st
from pocket_ksql.language.literals import name_of, row_values
from pocket_ksql.outcomes import PropertyChanged, QueriesTerminated, QueryStarted, RecordsInserted, SourceDropped
from pocket_ksql.queries import PersistentQuery, PullQuery, Task, TransientQuery
from pocket_ksql.records import Produced, Record, Rejected
from pocket_ksql.services import MemorySchemas, MemoryTopics

Row = dict[str, Any]


class MemoryKsql:
    """Streams, tables and queries whose topics are lists; every row is worked through before a call returns.

    ``now`` is the time in milliseconds that rows without ``ROWTIME`` get. A query reads its topics from the
    beginning, as with ``auto.offset.reset=earliest``.

    >>> ksql = MemoryKsql()
    >>> ksql.run("CREATE STREAM s (id STRING KEY, v INT) WITH (kafka_topic='s', value_format='JSON');")
    >>> ksql.insert("s", id="a", v=1)
    >>> ksql.rows("SELECT v + 1 AS w FROM s EMIT CHANGES;")
    [{'W': 2}]
    """

    def __init__(self) -> None:
        self.now = 0
        self.rejected: list[Rejected] = []
        """Records that could not be read or worked out, with the reason."""
        self._topics = MemoryTopics(default_partitions=1)
        self._functions = builtin()
        self.engine = Engine(self._topics, MemorySchemas(), self._functions, clock=lambda: self.now)
        self._properties: dict[str, Any] = {}
        self._log: list[tuple[str, Record]] = []
        self._offsets: dict[str, int] = {}
        self._running: dict[str, tuple[PersistentQuery, Task]] = {}

    def function(self, function: Callable[..., Any]) -> str:
        """Offer a Python function to queries; its name in SQL."""
        return user.add(self._functions, function)

    def run(self, sql: str) -> None:
        """Carry out statements. Raises ``KsqlError``."""
        for statement in self.engine.prepare(sql):
            outcome = self.engine.execute(statement, self._properties)
            match outcome:
                case QueryStarted(query=PersistentQuery() as query, replaced=replaced):
                    self._running.pop(replaced or "", None)
                    self._start(query)
                case QueriesTerminated(ids=ids) | SourceDropped(terminated=ids):
                    for one in ids:
                        self._running.pop(one, None)
                case RecordsInserted(records=records):
                    self._take(records)
                case PropertyChanged(name=name, value=None):
                    self._properties.pop(name, None)
                case PropertyChanged(name=name, value=value):
                    self._properties[name] = value

    def insert(self, source: str, row: Mapping[str, Any] | None = None, /, **columns: Any) -> None:
        """Write a row to a stream or a table; ``ROWTIME`` is its time. Raises ``KsqlError``."""
        values = row_values({**(row or {}), **columns})
        tree = st.InsertValues(name_of(source), tuple(values), tuple(values.values()))
        outcome = self.engine.execute(PreparedStatement("", tree), self._properties)
        assert isinstance(outcome, RecordsInserted)
        self._take(outcome.records)

    def send(self, topic: str, value: bytes | None, key: bytes | None = None, timestamp: int | None = None) -> None:
        """Write a record as it stands to a topic: what a producer may send, bad bytes included."""
        self._take([Produced(topic, key, value, self.now if timestamp is None else timestamp)])

    def rows(self, select: str) -> list[Row]:
        """What a SELECT gives for all that has been written so far. Raises ``KsqlError``.

        With EMIT CHANGES every change, without it the rows of a table as they are now.
        """
        (statement,) = self.engine.prepare(select)
        if not isinstance(statement.tree, st.Select):
            raise KsqlStatementError("rows() takes a SELECT; run() takes the other statements.", select)
        pull = statement.tree.query.emit is None
        query = (self.engine.pull_query if pull else self.engine.push_query)(statement, self._properties)
        names = [column.name for column in query.columns]
        return [dict(zip(names, map(_plain, row), strict=True)) for row in self._answer(query)]

    def records(self, topic: str) -> list[Record]:
        """The records of a topic, bytes as they are."""
        return [record for name, record in self._log if name == topic]

    def flush(self) -> None:
        """Let go what waits for time to pass (EMIT FINAL, outer joins), as if time had ended."""
        for _, task in list(self._running.values()):
            self._take(task.flush())

    def _answer(self, query: PullQuery | TransientQuery) -> Sequence[list[Any]]:
        if isinstance(query, PullQuery):
            return query.rows([self._running[query.query_id][1]])
        task = query.open()
        rows: list[list[Any]] = []
        for topic, entries in groupby(self._log, key=lambda entry: entry[0]):
            if topic in query.source_topics and not task.done:
                rows += task.process(topic, [record for _, record in entries])
        self._drain(task.rejected)
        return rows

    def _start(self, query: PersistentQuery) -> None:
        task = query.open()
        self._running[query.id] = query, task
        for topic, record in list(self._log):
            if topic in query.source_topics:
                self._take(task.process(topic, [record]))
        self._drain(task.rejected)

    def _take(self, produced: Sequence[Produced]) -> None:
        """Append records to their topics and let every query that reads them work, depth first."""
        for one in produced:
            offset = self._offsets.get(one.topic, 0)
            self._offsets[one.topic] = offset + 1
            record = Record(one.key, one.value, one.timestamp, 0, offset, one.headers)
            self._log.append((one.topic, record))
            for query, task in list(self._running.values()):
                if one.topic in query.source_topics:
                    self._take(task.process(one.topic, [record]))
                    self._drain(task.rejected)

    def _drain(self, rejected: list[Rejected]) -> None:
        self.rejected += rejected
        rejected.clear()


def _plain(value: Any) -> Any:
    """A value of a row as Python's own types: a DECIMAL, which is ready-made JSON there, as ``Decimal``."""
    match value:
        case orjson.Fragment():
            return Decimal(orjson.dumps(value).decode())
        case list():
            return [_plain(one) for one in value]
        case dict():
            return {key: _plain(one) for key, one in value.items()}
    return value

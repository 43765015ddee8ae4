"""KSQL without a server: pocket_ksql's engine over topics that are lists."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pocket_ksql import types
from pocket_ksql.codegen.sources import key_decoder, target_of
from pocket_ksql.engine import Engine
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.formats import find_format
from pocket_ksql.functions import builtin, user
from pocket_ksql.language import statements as st
from pocket_ksql.outcomes import QueriesTerminated, QueryStarted, RecordsInserted, SourceDropped
from pocket_ksql.prepared import PreparedStatement
from pocket_ksql.queries import PullQuery, Task, TransientQuery
from pocket_ksql.records import Produced, Record
from pocket_ksql.schema import Place
from pocket_ksql.services import MemorySchemas, MemoryTopics
from pocket_ksql.source import Source
from pocket_ksql.testing import values
from workshop.checks.ksql_result import Row, Sink

_PARTITIONS = 3


def execute(
    sql: str,
    inputs: dict[str, list[Any]],
    setup: str = "",
    flush: bool = False,
    functions: Sequence[str | Callable[..., Any]] = (),
) -> dict[str, Any]:
    """What :func:`workshop.checks.ksql.run` gives, as plain data; computed in this process.

    ``inputs`` maps topics to records ``{"key": …, "value": …, "timestamp": ms}``. A record's value is a dictionary of
    columns, written in the format that ``setup`` declares for the topic (JSON if it declares none), or a string or
    bytes, which stand as they are. Records of all topics come in the order of their timestamps; without one, 0.
    ``flush`` ends time after them, so that EMIT FINAL lets go. ``functions`` are Python functions, or modules of them,
    that the statements may call.
    """
    return MemoryRun(setup, sql, inputs, functions).result(flush)


class MemoryRun:
    """Statements, then records through every query one after the other, as a server would see them arrive."""

    def __init__(
        self,
        setup: str,
        sql: str,
        inputs: Mapping[str, list[Any]],
        functions: Sequence[str | Callable[..., Any]] = (),
    ) -> None:
        self._topics = MemoryTopics()
        self._schemas = MemorySchemas()
        known = builtin()
        for one in functions:
            if isinstance(one, str):
                user.register(known, one)
            else:
                user.add(known, one)
        self._engine = Engine(self._topics, self._schemas, known, clock=lambda: 0)
        self._properties: dict[str, Any] = {}
        self._tasks: dict[str, tuple[tuple[str, ...], Task]] = {}
        self._log: list[tuple[str, Record]] = []
        self._produced: dict[str, list[Produced]] = {}
        self._selects: list[PreparedStatement] = []
        self._waiting: deque[tuple[str, Record]] = deque()
        for topic in inputs:
            self._topics.create(topic, _PARTITIONS, 1, {})
        self._statements(setup)
        self._waiting.extend(self._records(inputs))
        self._given = set(self._engine.metastore.sources)
        self._selects.clear()
        self._statements(sql)

    def result(self, flush: bool) -> dict[str, Any]:
        """Let the records through and gather what came."""
        pushes: dict[int, tuple[TransientQuery, Any, list[Row]]] = {}
        for number, select in enumerate(self._selects):
            if isinstance(select.tree, st.Select) and select.tree.query.emit is not None:
                query = self._engine.push_query(select, self._properties)
                pushes[number] = query, query.open(), []
        self._drain(list(pushes.values()))
        if flush:
            for _, task in self._tasks.values():
                self._take(task.flush())
            self._drain(list(pushes.values()))
        queries = [
            pushes[number][2] if number in pushes else self._pull(select) for number, select in enumerate(self._selects)
        ]
        made = {name: one for name, one in self._engine.metastore.sources.items() if name not in self._given}
        return {
            "sinks": {name.upper(): vars(self._sink(one)) for name, one in made.items()},
            "queries": queries,
            "pushed": [number in pushes for number in range(len(queries))],
        }

    def _statements(self, text: str) -> None:
        for statement in self._engine.prepare(text):
            match statement.tree:
                case st.Set(name, value):
                    self._properties[name] = value
                case st.Unset(name):
                    self._properties.pop(name, None)
                case st.Select():
                    self._selects.append(statement)
                case _:
                    self._execute(statement)

    def _execute(self, statement: PreparedStatement) -> None:
        outcome = self._engine.execute(statement, self._properties)
        match outcome:
            case RecordsInserted(records=records):
                self._take(list(records))
            case QueryStarted(query=query) if query is not None:
                self._tasks[query.id] = query.source_topics, query.open()
            case QueriesTerminated(ids=ids) | SourceDropped(terminated=ids):
                for one in ids:
                    self._tasks.pop(one, None)

    def _records(self, inputs: Mapping[str, list[Any]]) -> list[tuple[str, Record]]:
        records = [(topic, self._record(topic, one)) for topic, given in inputs.items() for one in given]
        return sorted(records, key=lambda entry: entry[1].timestamp)

    def _record(self, topic: str, given: Mapping[str, Any]) -> Record:
        source = next((one for one in self._engine.metastore.sources.values() if one.topic == topic), None)
        key, value = given.get("key"), given.get("value")
        if source is not None and not isinstance(key, bytes | None):
            key = values.encode_key(key, None, source, self._schemas, None)
        if source is not None and isinstance(value, dict):
            value = values.encode(value, source, self._schemas, False, None)
        return Record(_raw(key), _raw(value), int(given.get("timestamp", 0)))

    def _take(self, records: list[Produced]) -> None:
        for one in records:
            self._produced.setdefault(one.topic, []).append(one)
            self._waiting.append((one.topic, Record(one.key, one.value, one.timestamp, 0, 0, one.headers)))

    def _drain(self, pushes: list[tuple[TransientQuery, Any, list[Row]]]) -> None:
        offsets: dict[str, int] = {}
        while self._waiting:
            topic, record = self._waiting.popleft()
            offsets[topic] = offsets.get(topic, -1) + 1
            record = record._replace(offset=offsets[topic])
            self._log.append((topic, record))
            following: list[Produced] = []
            for topics, task in self._tasks.values():
                if topic in topics:
                    following += task.process(topic, [record])
            for query, rows, found in pushes:
                if topic in query.source_topics and not rows.done:
                    found += _named(query, rows.process(topic, [record]))
            # What a record leads to comes before the records after it.
            later, self._waiting = self._waiting, deque()
            self._take(following)
            self._waiting.extend(later)

    def _pull(self, select: PreparedStatement) -> list[Row]:
        query = self._engine.pull_query(select, self._properties)
        if isinstance(query, PullQuery):
            if query.query_id not in self._tasks:
                raise KsqlStatementError(f"The query behind {query.source} does not run.", select.text)
            return _named(query, query.rows([self._tasks[query.query_id][1]]))
        rows = query.open()
        found: list[Row] = []
        for topic, record in self._log:
            if topic in query.source_topics and not rows.done:
                found += _named(query, rows.process(topic, [record]))
        return found

    def _sink(self, source: Source) -> Sink:
        records = self._produced.get(source.topic, [])
        keys = [column.name.upper() for column in source.schema.key]
        columns = [column for column in source.schema if column.place in (Place.KEY, Place.VALUE)]
        row_of = self._row_reader(source)
        return Sink(
            name=source.name,
            kind=source.kind.value,
            topic=source.topic,
            key_format=source.key_format.name,
            value_format=source.value_format.name,
            columns={column.name.upper(): str(column.type) for column in columns},
            key=keys,
            partitions=self._topics.partitions(source.topic),
            rows=[row_of(record) for record in records],
            timestamps=[record.timestamp for record in records],
        )

    def _row_reader(self, source: Source) -> Callable[[Produced], Row]:
        """What makes a row of a record of ``source``. Its decoders are compiled here, once for all records."""
        key_of = key_decoder(source, self._schemas)
        value_of = find_format(source.value_format.name).decoder(target_of(source, self._schemas, is_key=False))
        key_names = [column.name.upper() for column in source.schema.key]
        if source.window is not None:
            key_names += ["WINDOWSTART", "WINDOWEND"]
        columns = [(column.name.upper(), column.type) for column in source.schema.value]

        def row_of(record: Produced) -> Row:
            row: Row = dict(zip(key_names, key_of(record.key), strict=True))
            decoded = None if record.value is None else value_of(record.value)
            for (name, kind), value in zip(columns, decoded or (None,) * len(columns), strict=True):
                row[name] = value if kind is types.BYTES else values.as_json(value, kind)
            return row

        return row_of


def _raw(value: Any) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


def _named(query: TransientQuery | PullQuery, rows: list[list[Any]]) -> list[Row]:
    return [dict(zip((one.name.upper() for one in query.columns), row, strict=True)) for row in rows]

"""One case through the engine: statements, then every query over all that is there, then the comparison."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pocket_ksql.engine import Engine
from pocket_ksql.errors import RecordError
from pocket_ksql.formats.base import UNSERIALIZABLE
from pocket_ksql.language import statements as st
from pocket_ksql.outcomes import QueryStarted, RecordsInserted
from pocket_ksql.planner.with_clause import int_property, text_property
from pocket_ksql.prepared import PreparedStatement
from pocket_ksql.queries import PersistentQuery, Task
from pocket_ksql.records import Produced, Record
from pocket_ksql.schema import Schema
from pocket_ksql.services import MemorySchemas, MemoryTopics, RegisteredSchema
from pocket_ksql.source import FormatSpec, Source, SourceKind
from pocket_ksql.testing import compare, post, values
from pocket_ksql.testing.cases import Case

_PARTITIONS = 4
"""Of a topic of which nobody says how many it has."""


@dataclass
class World:
    """Topics as lists of records, in the order in which everything was written."""

    log: list[tuple[str, Record]] = field(default_factory=list)
    produced: dict[str, list[Produced]] = field(default_factory=dict)
    offsets: dict[tuple[str, int], int] = field(default_factory=dict)

    def append(self, topic: str, record: Record) -> None:
        at = topic, record.partition
        offset = self.offsets.get(at, 0)
        self.offsets[at] = offset + 1
        self.log.append((topic, record._replace(offset=offset)))


class CaseRun:
    """The world of one case, and what is done in it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.topics = MemoryTopics()
        self.schemas = MemorySchemas()
        self.engine = Engine(self.topics, self.schemas, clock=lambda: 0, checks_topics=False)
        self.world = World()
        self.queries: list[PersistentQuery] = []
        self.dropped: dict[str, Source] = {}
        self.registered: dict[str, RegisteredSchema] = {}
        self.properties = dict(case.properties)
        self.tasks: dict[str, Task] = {}
        self.declared: set[str] = set()
        self.at = 0
        """The statement that is being carried out, counted from one; one more than there are while records run."""

    def run(self) -> str | None:
        """The first difference, or ``None``."""
        lines = 0  # of the statements before: places in messages count from the first one on
        for number, text in enumerate(self.case.statements, 1):
            self.at = number
            self._declare_topics(text)
            for statement in self.engine.prepare("\n" * lines + text):
                self._carry_out(statement)
            lines += text.count("\n") + 1
        self.at = len(self.case.statements) + 1
        self._feed()
        return self._difference() or post.difference(self.case.post, self.engine)

    def _carry_out(self, statement: PreparedStatement) -> None:
        match statement.tree:
            case st.AssertTopic():
                return
            case st.Set(name, value):
                self.properties[name] = value
                return
            case st.Unset(name):
                self.properties.pop(name, None)
                return
            case st.Select():
                self._select(statement)
                return
            case st.DropSource(name=name) if name in self.engine.metastore.sources:
                known = self.engine.metastore.sources[name]
                self.dropped[known.topic] = known
            case st.CreateSource() as source:
                self._make_topic(source)
            case st.CreateAs():
                self._make_outputs()
        outcome = self.engine.execute(statement, self.properties)
        if isinstance(outcome, RecordsInserted):
            self._take(list(outcome.records))
        if isinstance(outcome, QueryStarted) and outcome.query is not None:
            if outcome.replaced is not None:
                self.queries = [one for one in self.queries if one.id != outcome.replaced]
            self.queries.append(outcome.query)

    def _make_topic(self, source: st.CreateSource) -> None:
        """Every topic that a source names is there, with the partitions that the statement asks for, if it does."""
        partitions = int_property(source.properties, "PARTITIONS")
        topic = text_property(source.properties, "KAFKA_TOPIC")
        if topic is not None and topic not in self.topics.topics:
            self.topics.create(topic, _PARTITIONS if partitions is None else partitions, 1, {})

    def _make_outputs(self) -> None:
        """Topics of outputs are there before a query that writes to them; others it makes like its first source's."""
        for one in self.case.outputs:
            self.topics.create(one["topic"], _PARTITIONS, 1, {})

    def _select(self, statement: PreparedStatement) -> None:
        self.engine.push_query(statement, self.properties)

    def _feed(self) -> None:
        """Put the inputs on their topics and run every query over all that is there."""
        self._inputs()
        for query in self.queries:
            self._run_query(query)

    def _declare_topics(self, statement: str) -> None:
        """Make the topics that a statement names, with their schemas, as they are before it is carried out."""
        for topic in self.case.topics:
            if topic["name"] in self.declared or topic["name"].lower() not in statement.lower():
                continue
            self.declared.add(topic["name"])
            partitions = topic.get("partitions") or topic.get("numPartitions")
            if partitions:  # otherwise as many as the statement asks for
                self.topics.create(topic["name"], int(partitions), 1, {})
            for side in ("key", "value"):
                if topic.get(f"{side}Schema") is not None:
                    self._register(topic, side)

    def _register(self, topic: Mapping[str, Any], side: str) -> None:
        """Register the schema that a topic has before the first statement."""
        name, schema, given = topic["name"], topic[f"{side}Schema"], topic.get(f"{side}SchemaId")
        kind = str(topic.get(f"{side}Format", "AVRO")).upper()
        kind = kind if kind in ("AVRO", "PROTOBUF") else "JSON"
        text = schema if isinstance(schema, str) and kind == "PROTOBUF" else json.dumps(schema, default=float)
        references = tuple((one["name"], one["schema"]) for one in topic.get(f"{side}SchemaReferences") or ())
        subject = f"{name}-{side}"
        number = self.schemas.register(subject, kind, text, None if given is None else int(given), references)
        self.registered[subject] = RegisteredSchema(number, kind, text, references)

    def _source(self, topic: str) -> Source:
        """The source that says how a topic is read: the last one defined on it."""
        found = [one for one in self.engine.metastore.sources.values() if one.topic == topic]
        made = [one for one in found if one.created_as]
        if made or found:
            return (made or found)[-1]
        if topic in self.dropped:
            return self.dropped[topic]
        return Source(topic, SourceKind.STREAM, Schema(()), topic, FormatSpec("KAFKA"), FormatSpec("JSON"))

    def _inputs(self) -> None:
        for one in self.case.inputs:
            topic = one["topic"]
            source = self._source(topic)
            key = values.encode_key(
                one.get("key"), one.get("window"), source, self.schemas, self.registered.get(f"{topic}-key")
            )
            value = values.encode(one.get("value"), source, self.schemas, False, self.registered.get(f"{topic}-value"))
            self.world.append(
                topic,
                Record(key, value, int(one.get("timestamp", 0)), self._partition(one, topic, key), 0, _headers(one)),
            )

    def _partition(self, one: Mapping[str, Any], topic: str, key: bytes | None) -> int:
        """Where an input lies: in the first partition, unless it says otherwise."""
        return int(one.get("partition") or 0)

    def _take(self, records: list[Produced]) -> None:
        for one in records:
            self.world.produced.setdefault(one.topic, []).append(one)
            self.world.append(one.topic, Record(one.key, one.value, one.timestamp, 0, 0, one.headers))

    def _run_query(self, query: PersistentQuery) -> None:
        task = self.tasks[query.id] = query.open()
        for topic, group in itertools.groupby(list(self.world.log), lambda entry: entry[0]):
            if topic in query.source_topics:
                try:
                    self._take(task.process(topic, [record for _, record in group]))
                except RecordError as error:
                    raise RecordError(f"Exception caught in process: {error.message}") from error
        for one in task.rejected:
            if UNSERIALIZABLE in one.reason:
                raise RecordError(f"Exception caught in process: {one.reason}")

    # --- comparison --------------------------------------------------------------------------------------------

    def _difference(self) -> str | None:
        expected: dict[str, list[Mapping[str, Any]]] = {}
        for one in self.case.outputs:
            expected.setdefault(one["topic"], []).append(one)
        for topic, records in expected.items():
            actual = self.world.produced.get(topic, [])
            source = self._source(topic)
            for number, (want, got) in enumerate(itertools.zip_longest(records, actual)):
                shown = None if got is None else self._shown(got, source)
                problem = _compare(want, shown, source)
                if problem:
                    pair = f"  expected: {compare.show(want)}\n  actual:   {compare.show(shown)}"
                    return f"{topic}[{number}] {problem}\n{pair}"
        return None

    def _shown(self, record: Produced, source: Source) -> dict[str, Any]:
        key, window = values.decode_key(record.key, source, self.schemas, source.window)
        value = values.decode(record.value, source, self.schemas, is_key=False)
        shown = {"key": key, "value": value, "timestamp": record.timestamp}
        return {**shown, "window": window} if window else shown


def _headers(one: Mapping[str, Any]) -> tuple[tuple[str, bytes | None], ...]:
    return tuple(
        (header["KEY"], None if header.get("VALUE") is None else base64.b64decode(header["VALUE"]))
        for header in one.get("headers") or ()
    )


def _compare(want: Mapping[str, Any] | None, got: Mapping[str, Any] | None, source: Source) -> str | None:
    if want is None:
        return "is one record too many"
    if got is None:
        return "is missing"
    same = compare.same_line if source.value_format.name == "DELIMITED" else compare.same
    if not same(want.get("value"), got["value"]):
        return "differs in its value"
    if "timestamp" in want and want["timestamp"] != got["timestamp"]:
        return "differs in its timestamp"
    if source.schema.key:
        same_key = compare.same_line if source.key_format.name == "DELIMITED" else compare.same
        if not same_key(want.get("key"), got["key"]):
            return "differs in its key"
    if want.get("window") and dict(want["window"]) != got.get("window"):
        return "differs in its window"
    return None

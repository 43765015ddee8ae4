"""A case through the engine: statements, then every query over all that is there, then the comparison."""

from __future__ import annotations

import enum
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pocket_ksql.engine import Engine
from pocket_ksql.errors import KsqlError
from pocket_ksql.language import statements as st
from pocket_ksql.metastore import FormatSpec, Source, SourceKind
from pocket_ksql.outcomes import QueryStarted, RecordsInserted
from pocket_ksql.queries import PersistentQuery
from pocket_ksql.records import Produced, Record
from pocket_ksql.schema import Schema
from pocket_ksql.services import MemorySchemas, MemoryTopics, RegisteredSchema
from pocket_ksql.testing import compare, post, values
from pocket_ksql.testing.cases import Case

TEST_JAR_FUNCTIONS = frozenset(
    [
        "TEST_UDF",
        "TEST_UDAF",
        "TEST_UDTF",
        "BAD_UDF",
        "BAD_UDTF",
        "TOSTRING",
        "GENERIC_VAR_ARG",
        "MID_VAR_ARG",
        "MULTI_ARG",
        "FOUR_ARG",
        "FIVE_ARG",
        "THREE_ARG",
        "OBJ_COL_ARG",
        "VAR_ARG",
        "THROWING_UDTF",
        "SUM_LIST",
    ]
)
"""Functions that only ksqlDB's test jar has; a case that needs one is out of scope."""

_UNKNOWN_FUNCTION = re.compile(r"Can't find any functions with the name '(\w+)'")


class Status(enum.Enum):
    PASSED = "passed"
    FAILED = "failed"
    OUT_OF_SCOPE = "out of scope"


@dataclass(frozen=True)
class Result:
    """How a case went; ``reason`` is a difference, an error, or why it is out of scope.

    ``words_equal`` says whether an expected error was raised with the words that the case gives, ``None`` where
    the case expects none, or the error was not raised as it should be.
    """

    case: Case
    status: Status
    reason: str = ""
    words_equal: bool | None = None


@dataclass
class _World:
    """Topics as lists of records, in the order in which everything was written."""

    log: list[tuple[str, Record]] = field(default_factory=list)
    produced: dict[str, list[Produced]] = field(default_factory=dict)
    offsets: dict[tuple[str, int], int] = field(default_factory=dict)

    def append(self, topic: str, record: Record) -> None:
        at = topic, record.partition
        offset = self.offsets.get(at, 0)
        self.offsets[at] = offset + 1
        self.log.append((topic, record._replace(offset=offset)))


def run(case: Case) -> Result:
    """Run a case; errors of the engine become part of the result."""
    if not case.enabled:
        return Result(case, Status.OUT_OF_SCOPE, "disabled in its file")
    running = _Run(case)
    try:
        problem = running.run()
    except KsqlError as error:
        missing = _UNKNOWN_FUNCTION.search(error.message)
        if missing and missing[1] in TEST_JAR_FUNCTIONS:
            return Result(case, Status.OUT_OF_SCOPE, f"needs {missing[1]} of ksqlDB's test jar")
        if case.expected_error is None:
            return Result(case, Status.FAILED, f"error: {error.message}")
        return _refused(case, case.expected_error, error, running.at)
    if case.expected_error is not None:
        return Result(case, Status.FAILED, f"no error, expected {dict(case.expected_error)}")
    return Result(case, Status.FAILED if problem else Status.PASSED, problem or "")


def _refused(case: Case, expected: Mapping[str, Any], error: KsqlError, at: int) -> Result:
    """An error counts when the last statement raised it or, if it is one of Kafka Streams, a running query."""
    last = len(case.statements)
    wanted = last + 1 if str(expected.get("type", "")).endswith("StreamsException") else last
    if at != wanted:
        places = {last + 1: "a record"}
        return Result(
            case,
            Status.FAILED,
            f"error of {places.get(at, f'statement {at}')}, expected of {places.get(wanted, f'statement {wanted}')}"
            f"\n  expected: {expected.get('message')}\n  actual:   {error.message}",
        )
    same = str(expected.get("message", "")) in error.message
    return Result(case, Status.PASSED, error.message, words_equal=same)


class _Run:
    def __init__(self, case: Case) -> None:
        self.case = case
        self.topics = MemoryTopics(default_partitions=4)
        self.schemas = MemorySchemas()
        self.engine = Engine(self.topics, self.schemas, clock=lambda: 0)
        self.world = _World()
        self.queries: list[PersistentQuery] = []
        self.dropped: dict[str, Source] = {}
        self.registered: dict[str, RegisteredSchema] = {}
        self.at = 0
        """The statement that is being carried out, counted from one; one more than there are while records run."""

    def run(self) -> str | None:
        """The first difference, or ``None``."""
        self._declare_topics()
        properties = dict(self.case.properties)
        for number, text in enumerate(self.case.statements, 1):
            self.at = number
            for statement in self.engine.prepare(text):
                if isinstance(statement.tree, (st.AssertValues, st.AssertSource, st.AssertTopic)):
                    continue
                if isinstance(statement.tree, st.Set):
                    properties[statement.tree.name] = statement.tree.value
                    continue
                if isinstance(statement.tree, st.Unset):
                    properties.pop(statement.tree.name, None)
                    continue
                if isinstance(statement.tree, st.DropSource):
                    known = self.engine.metastore.sources.get(statement.tree.name)
                    if known is not None:
                        self.dropped[known.topic] = known
                if isinstance(statement.tree, st.Select):
                    self.engine.push_query(statement, properties)
                    continue
                outcome = self.engine.execute(statement, properties)
                if isinstance(outcome, RecordsInserted):
                    self._take(list(outcome.records))
                if isinstance(outcome, QueryStarted) and outcome.query is not None:
                    if outcome.replaced is not None:
                        self.queries = [one for one in self.queries if one.id != outcome.replaced]
                    self.queries.append(outcome.query)
        self.at = len(self.case.statements) + 1
        self._inputs()
        for query in self.queries:
            self._run_query(query)
        return self._difference() or post.difference(self.case.post, self.engine)

    def _declare_topics(self) -> None:
        for topic in self.case.topics:
            name = topic["name"]
            self.topics.create(name, int(topic.get("partitions") or topic.get("numPartitions") or 4), 1, {})
            for side in ("key", "value"):
                schema = topic.get(f"{side}Schema")
                if schema is not None:
                    kind = {"AVRO": "AVRO", "PROTOBUF": "PROTOBUF"}.get(
                        str(topic.get(f"{side}Format", "AVRO")).upper(), "JSON"
                    )
                    text = (
                        schema if isinstance(schema, str) and kind == "PROTOBUF" else json.dumps(schema, default=float)
                    )
                    subject = f"{name}-{side}"
                    if not any(one.get("topic") == name for one in self.case.inputs) and any(
                        one.get("topic") == name for one in self.case.outputs
                    ):
                        continue
                    given = topic.get(f"{side}SchemaId")
                    schema_id = self.schemas.register(subject, kind, text, None if given is None else int(given))
                    self.registered[subject] = RegisteredSchema(schema_id, kind, text)

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
                Record(key, value, int(one.get("timestamp", 0)), int(one.get("partition") or 0), 0, _headers(one)),
            )

    def _take(self, records: list[Produced]) -> None:
        for one in records:
            self.world.produced.setdefault(one.topic, []).append(one)
            self.world.append(one.topic, Record(one.key, one.value, one.timestamp, 0, 0, one.headers))

    def _run_query(self, query: PersistentQuery) -> None:
        task = query.open()
        for topic, group in itertools.groupby(list(self.world.log), lambda entry: entry[0]):
            if topic in query.source_topics:
                self._take(task.process(topic, [record for _, record in group]))

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
    import base64

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

"""A case of the REST API: statements sent one by one, their answers compared, without sockets.

Statements that change something come first, then the inputs, then the queries, as a client of a server that has
caught up would see it. Answers are written by the server's own layout and read back.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from google.protobuf.message_factory import GetMessageClass

from pocket_ksql.engine import PullQuery, TransientQuery
from pocket_ksql.formats.proto_schema import ProtoSchema
from pocket_ksql.hashing import partition_of
from pocket_ksql.language import statements as st
from pocket_ksql.prepared import PreparedStatement
from pocket_ksql.server.rows import KsqlArray, KsqlProtobufArray, Layout, Result
from pocket_ksql.services import RegisteredSchema
from pocket_ksql.testing import compare, post
from pocket_ksql.testing.case_run import CaseRun

Answer = list[dict[str, Any]]

_SERVER = {"auto.offset.reset": "earliest", "ksql.query.push.v2.enabled": "true"}
"""How the server is set up that the cases are made for."""


class RestRun(CaseRun):
    """A case whose statements are requests."""

    def run(self) -> str | None:
        """The first difference, or ``None``."""
        queries = []
        for number, text in enumerate(self.case.statements, 1):
            self.at = number
            self._declare_topics(text)
            for statement in self.engine.prepare(text):
                if isinstance(statement.tree, st.Select):
                    queries.append((number, statement))
                else:
                    self._carry_out(statement)
        self._feed()
        problem = self._answers(queries)
        self.at = len(self.case.statements) + 1
        return problem or self._difference() or post.difference(self.case.post, self.engine)

    def _partition(self, one: Mapping[str, Any], topic: str, key: bytes | None) -> int:
        """Where a producer puts an input."""
        given = one.get("partition")
        return partition_of(key, self.topics.partitions(topic) or 1) if given is None else int(given)

    def _answers(self, queries: Sequence[tuple[int, PreparedStatement]]) -> str | None:
        in_protobuf = iter([one["queryProto"] for one in self.case.responses if "queryProto" in one])
        for number, statement in queries:
            self.at = number
            query, rows = self._rows(statement)
            answers = self.case.responses
            expected = answers[number - 1].get("query") if number <= len(answers) else None
            if expected is not None:
                in_order = not isinstance(query, PullQuery)
                problem = _difference(expected, _answer(query, rows, KsqlArray()), in_order)
                if problem:
                    return f"answer {number} {problem}"
            if (wanted := next(in_protobuf, None)) is not None:
                problem = _protobuf_difference(wanted, query, rows)
                if problem:
                    return f"answer {number} in Protobuf {problem}"
        return None

    def _rows(self, statement: PreparedStatement) -> tuple[PullQuery | TransientQuery, list[list[Any]]]:
        assert isinstance(statement.tree, st.Select)
        if statement.tree.query.emit is not None:
            query: PullQuery | TransientQuery = self.engine.push_query(statement, _SERVER | self.properties)
        else:
            query = self.engine.pull_query(statement, self.properties)
        if isinstance(query, PullQuery):
            return query, query.rows([self.tasks[query.query_id]])
        task = query.open()
        return query, [
            row
            for topic, record in self.world.log
            if topic in query.source_topics
            for row in task.process(topic, [record])
        ]


def _answer(query: PullQuery | TransientQuery, rows: list[list[Any]], layout: Layout) -> Answer:
    limit = query.limit
    pieces = [layout.header(Result(query.id, query.columns)), *map(layout.row, rows)]
    pieces.append(layout.end(limit_reached=limit is not None and len(rows) >= limit))
    answer: Answer = json.loads(b"".join(pieces), parse_float=Decimal)
    return answer


def _difference(expected: Answer, actual: Answer, in_order: bool) -> str | None:
    """Where two answers part; the rows of a table come in no order, and end without a message where none is named."""
    wanted, got = _parts(expected), _parts(actual)
    schema = wanted["header"].get("schema")
    beginning = wanted["header"].get("queryId|starts_with")
    if beginning is not None and not got["header"]["queryId"].startswith(beginning):
        return f"has another kind of query\n  expected: {beginning}\n  actual:   {got['header']['queryId']}"
    if schema is not None and schema != got["header"]["schema"]:
        return f"has another schema\n  expected: {schema}\n  actual:   {got['header']['schema']}"
    expected_rows, actual_rows = ([row["columns"] for row in side["rows"]] for side in (wanted, got))
    return _rows_difference(expected_rows, actual_rows, in_order) or _end_difference(wanted, got)


def _parts(answer: Answer) -> dict[str, Any]:
    header: dict[str, Any] = next((one["header"] for one in answer if "header" in one), {})
    rows = [one["row"] for one in answer if "row" in one]
    return {
        "header": header,
        "rows": rows,
        "end": next((one["finalMessage"] for one in answer if "finalMessage" in one), None),
    }


def _end_difference(wanted: Mapping[str, Any], got: Mapping[str, Any]) -> str | None:
    if wanted["end"] in (None, got["end"]):
        return None
    return f"ends with {got['end']!r}, expected {wanted['end']!r}"


def _rows_difference(wanted: Sequence[Any], got: Sequence[Any], in_order: bool) -> str | None:
    left = list(got)
    for number, row in enumerate(wanted):
        candidates = left[:1] if in_order else left
        found = next((one for one in candidates if compare.same(row, one)), None)
        if found is None:
            shown = got[number] if number < len(got) else "nothing"
            return f"differs in row {number}\n  expected: {row}\n  actual:   {shown if in_order else got}"
        left.remove(found)
    return f"has rows too many: {left}" if left else None


def _protobuf_difference(expected: Answer, query: PullQuery | TransientQuery, rows: list[list[Any]]) -> str | None:
    """As ``_difference``; rows are compared as the text of their messages."""
    actual = _answer(query, rows, KsqlProtobufArray())
    wanted, got = _parts(expected), _parts(actual)
    schema = got["header"]["protoSchema"]
    if wanted["header"].get("protoSchema") != schema:
        return f"has another schema\n  expected: {wanted['header'].get('protoSchema')!r}\n  actual:   {schema!r}"
    make = GetMessageClass(ProtoSchema.of(RegisteredSchema(0, "PROTOBUF", schema)).message(None))
    texts = [str(make.FromString(base64.b64decode(one["protobufBytes"]))) for one in got["rows"]]
    return _rows_difference(wanted["rows"], texts, not isinstance(query, PullQuery)) or _end_difference(wanted, got)

"""The runner of cases: it passes what is right, shows what differs, and holds the line on ksqlDB's own cases."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pocket_ksql.testing import Status, load, run

FAILED_BEFORE = {"scalable-push-queries": 1}
"""How many cases of an area (a file) have failed, 0 where it is not named; never to rise."""

OTHER_WORDS_BEFORE = {"query-validation-tests": 14, "rest-query-validation-tests": 1}
"""How many expected errors have come with other words than the case gives, by folder; never to rise."""

CASE: dict[str, Any] = {
    "name": "filter",
    "format": ["JSON", "AVRO"],
    "statements": [
        "CREATE STREAM a (k STRING KEY, x INT) WITH (kafka_topic='a', value_format='{FORMAT}');",
        "CREATE STREAM b AS SELECT * FROM a WHERE x > 1;",
    ],
    "inputs": [{"topic": "a", "key": "k", "value": {"X": x}, "timestamp": x} for x in (1, 2, 3)],
    "outputs": [{"topic": "B", "key": "k", "value": {"X": x}, "timestamp": x} for x in (2, 3)],
}


def results(tmp_path: Path, case: dict[str, Any]) -> list[tuple[str, Status, str]]:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"tests": [case]}))
    return [(result.case.name, result.status, result.reason) for result in map(run, load(path))]


def test_a_case_becomes_one_a_format_and_passes(tmp_path: Path) -> None:
    assert results(tmp_path, CASE) == [("filter - JSON", Status.PASSED, ""), ("filter - AVRO", Status.PASSED, "")]


def test_a_difference_is_shown(tmp_path: Path) -> None:
    wrong = {**CASE, "format": ["JSON"], "outputs": [{"topic": "B", "key": "k", "value": {"X": 7}}]}
    [(_, status, reason)] = results(tmp_path, wrong)
    assert status is Status.FAILED
    assert "B[0] differs in its value" in reason
    assert "'X': 7" in reason


def test_an_expected_error_must_come(tmp_path: Path) -> None:
    [(_, status, reason)] = results(tmp_path, {**CASE, "format": ["JSON"], "expectedException": {"message": "no"}})
    assert status is Status.FAILED
    assert "no error" in reason


def test_an_expected_error_of_an_earlier_statement_does_not_count(tmp_path: Path) -> None:
    statements = ["CREATE STREAM a (k STRING KEY, x INT) WITH (value_format='JSON', oops='1');", CASE["statements"][1]]
    wrong = {"name": "early", "statements": statements, "expectedException": {"message": "oops"}}
    [(_, status, reason)] = results(tmp_path, wrong)
    assert status is Status.FAILED
    assert "error of statement 1, expected of statement 2" in reason


def test_what_must_be_true_afterwards_is_compared(tmp_path: Path) -> None:
    right = {"name": "b", "type": "stream", "schema": "K STRING KEY, X INT", "valueFormat": "JSON"}
    wrong = {**right, "schema": "K STRING KEY, X BIGINT"}
    case = {**CASE, "format": ["JSON"]}
    [(_, status, _)] = results(tmp_path, {**case, "post": {"sources": [{**right, "name": "B"}]}})
    assert status is Status.PASSED
    [(_, status, reason)] = results(tmp_path, {**case, "post": {"sources": [{**wrong, "name": "B"}]}})
    assert status is Status.FAILED
    assert "source B has another schema" in reason


def test_a_topic_that_a_query_makes_has_as_many_partitions_as_its_source(tmp_path: Path) -> None:
    statements = [
        "CREATE STREAM a (k STRING KEY, x INT) WITH (kafka_topic='a', value_format='JSON', partitions=1);",
        "CREATE TABLE n AS SELECT k, COUNT(*) AS c FROM a GROUP BY k;",
        "CREATE STREAM b AS SELECT a.k AS k, c FROM a JOIN n ON a.k = n.k;",
    ]
    inputs = [{"topic": "a", "key": "k", "value": {"X": 1}}]
    assert results(tmp_path, {"name": "join", "statements": statements, "inputs": inputs}) == [
        ("join", Status.PASSED, "")
    ]


REST: dict[str, Any] = {
    "name": "look-ups",
    "statements": [
        "CREATE TABLE a (k STRING PRIMARY KEY, x INT) WITH (kafka_topic='a', value_format='JSON');",
        "CREATE TABLE b AS SELECT * FROM a;",
        "SELECT * FROM b;",
    ],
    "inputs": [{"topic": "a", "key": key, "value": {"X": 1}} for key in "pq"],
    "responses": [
        {"admin": {"@type": "currentStatus"}},
        {"admin": {"@type": "currentStatus"}},
        {
            "query": [
                {"header": {"schema": "`K` STRING KEY, `X` INTEGER"}},
                {"row": {"columns": ["q", 1]}},
                {"row": {"columns": ["p", 1]}},
            ]
        },
        {
            "queryProto": [
                {"header": {"protoSchema": 'syntax = "proto3";\n\nmessage ConnectDefault1 {\n'
                                           "  string K = 1;\n  int32 X = 2;\n}\n"}},
                {"row": 'K: "p"\nX: 1\n'},
                {"row": 'K: "q"\nX: 1\n'},
            ]
        },
    ],
}  # fmt: skip


def test_answers_of_queries_are_compared(tmp_path: Path) -> None:
    assert results(tmp_path, REST) == [("look-ups", Status.PASSED, "")]


def test_a_row_that_is_missing_in_an_answer_is_shown(tmp_path: Path) -> None:
    [(_, status, reason)] = results(tmp_path, {**REST, "inputs": REST["inputs"][:1]})
    assert status is Status.FAILED
    assert "answer 3 differs in row 0" in reason


def test_answers_in_protobuf_are_compared(tmp_path: Path) -> None:
    *others, last = REST["responses"]
    wrong = {"queryProto": [*last["queryProto"][:2], {"row": 'K: "q"\nX: 2\n'}]}
    [(_, status, reason)] = results(tmp_path, {**REST, "responses": [*others, wrong]})
    assert status is Status.FAILED
    assert "answer 3 in Protobuf differs in row 1" in reason


@pytest.mark.parametrize("folder", ["query-validation-tests", "rest-query-validation-tests"])
def test_as_many_of_ksqldb_s_cases_pass_as_before(shared: Path, folder: str) -> None:
    cases = shared / "qtt" / folder
    outcomes = [run(case) for path in sorted(cases.glob("*.json")) for case in load(path)]
    failed = Counter(one.case.file for one in outcomes if one.status is Status.FAILED)
    assert not {area: count for area, count in failed.items() if count > FAILED_BEFORE.get(area, 0)}
    other_words = [f"{one.case.file}: {one.case.name}" for one in outcomes if one.words_equal is False]
    assert len(other_words) <= OTHER_WORDS_BEFORE[folder], other_words

"""The runner of cases: it passes what is right, shows what differs, and holds the line on ksqlDB's own cases."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pocket_ksql.testing import Status, load, run

SHARED = Path(__file__).parents[4] / "shared" / "qtt" / "query-validation-tests"
PASSED_BEFORE = 1134
"""How many of the cases have passed; never to fall."""

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


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"ksqlDB's cases are not at {SHARED}")
def test_as_many_of_ksqldb_s_cases_pass_as_before() -> None:
    counts = Counter(run(case).status for path in sorted(SHARED.glob("*.json")) for case in load(path))
    assert counts[Status.PASSED] >= PASSED_BEFORE

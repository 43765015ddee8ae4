"""The benchmark measures what it says: the same rows come out of the query and of the loop beside it."""

from __future__ import annotations

import csv
import io
import json

import fastavro
import pytest
from typer.testing import CliRunner

from fraud_pipeline.connection import Connection
from pocket_ksql.bench import measure, peers
from pocket_ksql.bench.cases import CASES, Case
from pocket_ksql.bench.payments import payments
from pocket_ksql.cli import app


@pytest.mark.parametrize("case", [case for case in CASES if case.output], ids=lambda case: case.name)
def test_the_loop_beside_a_query_writes_the_same_values(case: Case) -> None:
    records = payments(250)
    produced = [one.value for one in measure.open_task(case).process("payments", records)]
    expected = peers.hand_written(case.name)(records)
    assert len(produced) == len(expected) == 247
    for ours, theirs in zip(produced, expected, strict=True):
        assert ours is not None
        assert _values(case.output, ours, registered=True) == _values(case.output, theirs, registered=False)


def test_pandas_beside_the_query_writes_the_same_rows() -> None:
    case, records = CASES[0], payments(250)
    produced = [json.loads(one.value or b"") for one in measure.open_task(case).process("payments", records)]
    expected = [json.loads(line) for line in peers.with_pandas(records)]
    assert len(produced) == len(expected)
    for ours, theirs in zip(produced, expected, strict=True):
        assert list(ours.values())[:3] == list(theirs.values())[:3]
        assert list(ours.values())[3:] == pytest.approx(list(theirs.values())[3:])


@pytest.mark.parametrize("case", [case for case in CASES if not case.output], ids=lambda case: case.name)
def test_the_loop_beside_a_query_with_state_writes_the_same_values(case: Case) -> None:
    records = payments(250)
    produced = [json.loads(one.value or b"") for one in measure.open_task(case).process("payments", records)]
    assert produced == [json.loads(value) for value in peers.hand_written(case.name)(records)]


def _values(output: str, data: bytes, *, registered: bool) -> list[object]:
    if output == "JSON":
        return list(json.loads(data).values())
    if output == "AVRO":
        source = io.BytesIO(data[5:] if registered else data)
        row = fastavro.schemaless_reader(source, peers._SCHEMA, None)
        assert isinstance(row, dict)
        return list(row.values())
    (fields,) = csv.reader([data.decode()])
    return [float(field) if index != 1 else field for index, field in enumerate(fields)]


def test_every_case_is_measured_in_the_core_and_through_kafka(kafka: Connection) -> None:
    command = ["bench", "--records", "1000", "--json", "--bootstrap-servers", kafka.bootstrap_servers]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    report = json.loads(result.output)
    measured = report["core"]
    assert [one["name"] for one in measured] == [case.name for case in CASES]
    assert all(one["records_per_second"] > 0 for one in measured)
    assert all(one["hand_written"] > 0 for one in measured)
    server = report["server"]
    assert [one["name"] for one in server["queries"]] == [case.name for case in CASES]
    assert all(one["records_per_second"] > 0 and one["loop"] > 0 for one in server["queries"])
    assert server["megabytes_idle"] > 0
    assert server["start_seconds"] > 0

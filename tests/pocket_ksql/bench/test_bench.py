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
    expected = peers.hand_written(case.output)(records)
    assert len(produced) == len(expected) == 247
    for ours, theirs in zip(produced, expected, strict=True):
        assert ours is not None
        assert _values(case.output, ours, registered=True) == _values(case.output, theirs, registered=False)


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
    assert [one["hand_written"] is not None for one in measured] == [bool(case.output) for case in CASES]
    server = report["server"]
    assert set(server["records_per_second"]) == {"JSON", "AVRO", "DELIMITED"}
    assert min(server["records_per_second"].values()) > 0
    assert server["megabytes_idle"] > 0
    assert server["start_seconds"] > 0

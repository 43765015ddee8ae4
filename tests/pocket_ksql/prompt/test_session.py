"""Statements given on the command line, in files and through a pipe, against a live server."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pocket_ksql.cli import app
from tests.pocket_ksql.server.conftest import RunningServer


@pytest.fixture
def prompt(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("POCKET_KSQL_URL", server.url)
    return CliRunner()


def rows(result: Result) -> list[list[str]]:
    """The cells of what was printed."""
    return [[cell.strip() for cell in line.split("|")] for line in result.output.splitlines() if " | " in line]


def test_rows_of_a_query_are_aligned_and_limited(prompt: CliRunner) -> None:
    script = "SET 'auto.offset.reset' = 'earliest'; SELECT * FROM payments EMIT CHANGES LIMIT 2;"
    result = prompt.invoke(app, ["-e", script])
    assert result.exit_code == 0, result.output
    assert rows(result) == [
        ["ID", "CUSTOMER", "AMOUNT", "NOTES"],
        ["p1", "ann", "1.5", '["a", "b"]'],
        ["p2", "NULL", "20.25", "NULL"],
    ]
    bars = {
        tuple(at for at, mark in enumerate(line) if mark == "|") for line in result.output.splitlines() if "|" in line
    }
    assert len(bars) == 1


def test_a_pipe_is_read_and_sources_are_listed_and_described(prompt: CliRunner) -> None:
    result = prompt.invoke(app, input="SHOW STREAMS;\nDESCRIBE payments;\n")
    assert result.exit_code == 0, result.output
    assert any(row[0] == "PAYMENTS" and row[3] == "JSON" for row in rows(result))
    assert ["NOTES", "ARRAY<STRING>"] in rows(result)


@pytest.mark.parametrize(
    "statement",
    [
        "SHOW TABLES;",
        "SHOW QUERIES;",
        "SHOW TOPICS EXTENDED;",
        "SHOW PROPERTIES;",
        "SHOW FUNCTIONS;",
        "SHOW TYPES;",
        "SHOW VARIABLES;",
        "SHOW STREAMS EXTENDED;",
        "SHOW QUERIES EXTENDED;",
        "DESCRIBE payments EXTENDED;",
        "DESCRIBE FUNCTION mask;",
        "EXPLAIN SELECT * FROM payments EMIT CHANGES;",
        "help",
    ],
)
def test_what_looks_has_an_answer_that_is_no_json(prompt: CliRunner, statement: str) -> None:
    result = prompt.invoke(app, input=statement)
    assert result.exit_code == 0, result.output
    assert result.output.strip()
    assert '"@type"' not in result.output


def test_a_file_runs_others_with_its_variables_and_print_shows_records(
    prompt: CliRunner, server: RunningServer, tmp_path: Path
) -> None:
    (tmp_path / "inner.sql").write_text("CREATE STREAM ${name} AS SELECT id, amount FROM payments WHERE amount > 10;")
    outer = tmp_path / "outer.sql"
    outer.write_text("SET 'auto.offset.reset'='earliest';\nDEFINE name = 'big';\nRUN SCRIPT 'inner.sql';\n")
    result = prompt.invoke(app, ["-f", str(outer), "-e", "PRINT BIG FROM BEGINNING LIMIT 1"])
    assert result.exit_code == 0, result.output
    assert "Created query with ID CSAS_BIG_" in result.output
    assert 'key: p2, value: {"AMOUNT":20.25}' in result.output


def test_a_refused_statement_ends_the_script_and_points_at_the_place(prompt: CliRunner, tmp_path: Path) -> None:
    script = tmp_path / "wrong.sql"
    script.write_text("SHOW TOPICS;\nSELECT *\n  FRM payments;\nSHOW FUNCTIONS;\n")
    result = prompt.invoke(app, ["cli", "-f", str(script)])
    lines = result.output.splitlines()
    assert result.exit_code == 1
    assert f"{script}, line 3:" in result.output
    assert lines[-2:] == ["  3 |   FRM payments;", "    |   ^"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("SHOW STREAMS", "does not end with a semicolon"),
        ("RUN SCRIPT 'no such.sql';", "no such.sql cannot be read"),
        ("SET 'no.such.property' = '1';", "Unknown property"),
        ("UNSET 'auto.offset.reset';", "has not been SET"),
        ("SELECT nope FROM payments EMIT CHANGES;", "       ^"),
    ],
)
def test_what_goes_wrong_is_said(prompt: CliRunner, text: str, complaint: str) -> None:
    result = prompt.invoke(app, input=text)
    assert result.exit_code == 1
    assert complaint in result.output


def test_without_a_server_the_address_and_the_way_out_are_named() -> None:
    result = CliRunner().invoke(app, ["cli", "http://127.0.0.1:1", "-e", "SHOW STREAMS;"])
    assert result.exit_code == 1
    assert "No ksqlDB server answers at http://127.0.0.1:1" in result.output
    assert "pocket-ksql server" in result.output


def test_rows_come_as_they_are_inserted_until_ctrl_c(server: RunningServer) -> None:
    script = "SET 'auto.offset.reset' = 'earliest'; SELECT id FROM payments EMIT CHANGES;"
    command = [sys.executable, "-m", "pocket_ksql.cli", "cli", server.url, "-e", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        until = next(line for line in process.stdout if line.startswith(" p2"))
        assert until
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130

"""The command ``pocket-ksql``."""

import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pocket_ksql.cli import app

runner = CliRunner()


def test_without_a_broker_the_server_says_what_to_do_and_fails() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unused.getsockname()[1]}"
        result = runner.invoke(app, ["server", "--bootstrap-servers", address, "--port", "0", "--registry-port", "0"])
    assert result.exit_code == 1
    assert f"No Kafka broker answers at {address}" in result.output
    assert "--bootstrap-servers" in result.output


def test_an_address_in_use_is_named_with_the_option_to_change_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = runner.invoke(app, ["server", "--port", port])
    assert result.exit_code == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in result.output
    assert "--port" in result.output


def test_a_function_that_does_not_fit_is_refused_before_kafka_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("1 / 0")
    result = runner.invoke(app, ["server", "--bootstrap-servers", "127.0.0.1:1", "--udf", str(file)])
    assert result.exit_code == 1
    assert "cannot be imported: ZeroDivisionError" in result.output


def test_help_names_the_environment_of_the_kafka_clients() -> None:
    result = runner.invoke(app, ["server", "--help"])
    assert result.exit_code == 0
    assert "POCKET_KSQL_KAFKA_SASL_PASSWORD" in result.output


CASE = {
    "name": "doubles",
    "statements": [
        "CREATE STREAM s (id BIGINT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');",
        "CREATE STREAM o AS SELECT id, v * 2 AS v FROM s;",
    ],
    "inputs": [{"topic": "s", "key": 1, "value": {"V": 21}}],
    "outputs": [{"topic": "O", "key": 1, "value": {"V": 42}}],
}


def test_a_file_of_cases_that_pass_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"tests": [CASE]}))
    result = runner.invoke(app, ["test", str(file)])
    assert (result.exit_code, result.output.strip()) == (0, "1 passed, 0 failed, 0 out of scope")


@pytest.mark.parametrize("given", ["file", "folder"])
def test_a_case_that_fails_is_named_with_the_difference(tmp_path: Path, given: str) -> None:
    wrong = {**CASE, "outputs": [{"topic": "O", "key": 1, "value": {"V": 43}}]}
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"tests": [CASE, wrong]}))
    result = runner.invoke(app, ["test", "--json", str(file if given == "file" else tmp_path)])
    report = json.loads(result.output)
    assert result.exit_code == 1
    assert (report["passed"], report["failed"]) == (1, 1)
    assert report["failures"][0]["name"] == "doubles"
    assert "43" in report["failures"][0]["reason"]

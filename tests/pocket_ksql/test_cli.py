"""The command ``pocket-ksql``."""

import socket

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


def test_help_names_the_environment_of_the_kafka_clients() -> None:
    result = runner.invoke(app, ["server", "--help"])
    assert result.exit_code == 0
    assert "POCKET_KSQL_KAFKA_SASL_PASSWORD" in result.output

"""The list of what is supported is complete, true, and the page is not stale."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pocket_ksql
from pocket_ksql import supported
from pocket_ksql.cli import app
from pocket_ksql.errors import KsqlError, KsqlStatementError
from pocket_ksql.language import statements as st
from pocket_ksql.language.parser import STATEMENT_STARTS, parse_statement
from pocket_ksql.prompt.client import Client
from tests.pocket_ksql.server.conftest import NO_CONNECT, RunningServer, server

__all__ = ["server"]


def test_every_statement_of_the_language_has_an_example() -> None:
    trees = {type(parse_statement(example)) for example in supported.EXAMPLES}
    known = {one for one in vars(st).values() if isinstance(one, type) and issubclass(one, st.Statement)}
    assert trees == known - {st.Statement}
    spelled = {words[0] for words in STATEMENT_STARTS} - {"DESC"}
    assert spelled == {example.split()[0] for example in supported.EXAMPLES}


def test_a_server_carries_out_what_is_supported_and_refuses_the_rest_with_its_text(server: RunningServer) -> None:
    client = Client(server.url)
    for one in supported.statements():
        if one.supported:
            _carry_out(client, one.example)
        else:
            with pytest.raises(KsqlError) as refusal:
                _carry_out(client, one.example)
            assert isinstance(refusal.value, KsqlStatementError), one.example
            assert refusal.value.statement_text == one.example
            first, second = one.example.rstrip(";").split()[:2]
            reasons = (f"{first} {second} is not supported", f"Connect to {NO_CONNECT} failed: ")
            assert any(reason in refusal.value.message for reason in reasons), one.example


def _carry_out(client: Client, example: str) -> None:
    match parse_statement(example):
        case st.Select():
            earliest = {"auto.offset.reset": "earliest"}
            with client.query(example, earliest, {}) as (_, batches):
                list(batches)
        case st.Print():
            with client.printed(example, {}, {}) as lines:
                list(lines)
        case _:
            client.execute(example, {}, {})


def test_the_page_is_what_the_command_prints() -> None:
    page = Path(pocket_ksql.__file__).with_name("SUPPORTED.md")
    result = CliRunner().invoke(app, ["supported", "--markdown"])
    assert result.exit_code == 0
    assert page.read_text() == result.output, f"{page.name} is stale: pocket-ksql supported --markdown > {page}"


def test_the_command_speaks_json_and_plain_text_too() -> None:
    as_json = json.loads(CliRunner().invoke(app, ["supported", "--json"]).output)
    assert [one["example"] for one in as_json["statements"]] == supported.EXAMPLES
    assert "AVRO" in as_json["formats"]
    assert any(one["name"] == "MASK" and "MASK(" in one["signatures"][0] for one in as_json["functions"])
    text = CliRunner().invoke(app, ["supported"]).output
    assert "no   ALTER SYSTEM" in text
    assert "MASK" in text

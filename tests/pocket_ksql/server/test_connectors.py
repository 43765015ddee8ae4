"""Statements about connectors, with a real Kafka Connect worker behind the server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from fraud_pipeline.connection import Connection
from workshop.places import cache
from workshop.stack import FREE_PORTS, EmbeddedStack

FILE_SOURCE = "org.apache.kafka.connect.file.FileStreamSourceConnector"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    running = EmbeddedStack(tmp_path_factory.mktemp("connectors"), cache(), connect=True, preferred=FREE_PORTS)
    try:
        yield running.up(lambda _: None)
    finally:
        running.down(lambda _: None)


def ksql(stack: Connection, text: str) -> Any:
    """The answer to the one statement in ``text``, or the error."""
    content = httpx.post(f"{stack.ksql_url}/ksql", json={"ksql": text}, timeout=60).json()
    return content[0] if isinstance(content, list) else content


@pytest.mark.slow
def test_a_connector_is_made_shown_described_and_dropped(stack: Connection, tmp_path: Path) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text("one\ntwo\n")
    create = f"""CREATE SOURCE CONNECTOR IF NOT EXISTS lines WITH (
        'connector.class' = '{FILE_SOURCE}', 'tasks.max' = 1, "file" = '{lines}', 'topic' = 'connected');"""
    columns = (
        "CREATE STREAM connected (line STRING) WITH (kafka_topic='connected', value_format='KAFKA', partitions=1);"
    )
    assert ksql(stack, columns)["@type"] == "currentStatus"
    made = ksql(stack, create)
    assert made["@type"] == "connector_info"
    assert made["info"]["name"] == "LINES"
    assert made["info"]["config"]["connector.class"] == FILE_SOURCE
    assert ksql(stack, create)["@type"] == "warning_entity"
    assert ksql(stack, create.replace("IF NOT EXISTS ", ""))["error_code"] == 50000

    deadline = time.monotonic() + 60
    while not ksql(stack, "DESCRIBE CONNECTOR lines;").get("topics"):
        assert time.monotonic() < deadline, "the connector writes nothing"
        time.sleep(0.1)
    described = ksql(stack, "DESCRIBE CONNECTOR lines;")
    assert described["connectorClass"] == FILE_SOURCE
    assert described["topics"] == ["connected"]
    assert described["status"]["connector"]["state"] == "RUNNING"

    [shown] = ksql(stack, "SHOW SOURCE CONNECTORS;")["connectors"]
    assert shown == {
        "name": "LINES",
        "type": "source",
        "className": FILE_SOURCE,
        "state": "RUNNING (1/1 tasks RUNNING)",
    }
    assert ksql(stack, "SHOW SINK CONNECTORS;")["connectors"] == []
    plugins = ksql(stack, "SHOW CONNECTOR PLUGINS;")["connectorsPlugins"]
    assert FILE_SOURCE in {one["className"] for one in plugins}

    assert ksql(stack, "DROP CONNECTOR lines;")["connectorName"] == "LINES"
    assert ksql(stack, "DROP CONNECTOR IF EXISTS lines;")["@type"] == "warning_entity"
    assert "not found" in ksql(stack, "DROP CONNECTOR lines;")["message"]

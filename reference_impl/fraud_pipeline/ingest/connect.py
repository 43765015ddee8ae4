"""The same ingestion by Kafka Connect: its file source sends a file line by line, and goes on as the file grows.

Connect needs no code, only a configuration, sent to its REST API. What it sends is what stands in the file: no
header may be there, lines are not checked, and records have no key (so they are spread over the partitions).
``transactions.files.write_payments`` writes any source as such a file.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx

from fraud_pipeline import topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.errors import PipelineError
from fraud_pipeline.kafka import ensure_topics

_REQUEST_TIMEOUT = 30.0
_BETWEEN_LOOKS = 0.2


class ConnectError(PipelineError):
    """Kafka Connect could not be reached, or does not run the connector; the message says why."""


def file_source_config(file: Path, topic: str = topics.SOURCE) -> dict[str, str]:
    """The configuration of a connector that sends the lines of ``file`` to ``topic``."""
    return {
        "connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector",
        "tasks.max": "1",
        "file": str(file.resolve()),
        "topic": topic,
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "value.converter": "org.apache.kafka.connect.storage.StringConverter",
    }


def start_file_source(
    connection: Connection, name: str, file: Path, topic: str = topics.SOURCE, timeout: float = 60.0
) -> None:
    """Create the connector ``name``, or change it if it is there, and wait until its task runs.

    Connect reads ``file`` itself: the path must be one on the machine that Connect runs on. Raises
    ``ConnectError``, with the reason that Connect gives, if the task fails or is not up after ``timeout`` seconds.
    """
    ensure_topics(connection, {topic: topics.PARTITIONS})
    _request(connection, "PUT", f"/connectors/{name}/config", file_source_config(file, topic))
    deadline = time.monotonic() + timeout
    while not _is_running(connection, name):
        if time.monotonic() > deadline:
            raise ConnectError(f"The connector {name} is not running after {timeout:g} s. See Connect's log.")
        time.sleep(_BETWEEN_LOOKS)  # between two looks at the condition


def delete_connector(connection: Connection, name: str) -> None:
    """Stop the connector and forget it. Raises ``ConnectError`` if there is none of that name."""
    _request(connection, "DELETE", f"/connectors/{name}")


def _is_running(connection: Connection, name: str) -> bool:
    status = _request(connection, "GET", f"/connectors/{name}/status", absent={})
    parts = [status["connector"], *status["tasks"]] if status else []
    for part in parts:
        if part["state"] == "FAILED":
            reason = part.get("trace", "no reason given").split("\n\tat ", 1)[0]
            raise ConnectError(f"The connector {name} has failed: {reason}")
    return len(parts) > 1 and all(part["state"] == "RUNNING" for part in parts)


def _request(
    connection: Connection,
    method: str,
    path: str,
    body: dict[str, str] | None = None,
    *,
    absent: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Ask Connect's REST API. ``absent`` is the answer that stands for 404: a new connector has no status at first."""
    if connection.connect_url is None:
        raise ConnectError("No address of Kafka Connect is known. Start the stack with --connect.")
    try:
        response = httpx.request(method, connection.connect_url + path, json=body, timeout=_REQUEST_TIMEOUT)
    except httpx.TransportError as error:
        raise ConnectError(f"Kafka Connect does not answer at {connection.connect_url} ({error}).") from error
    if response.status_code == httpx.codes.NOT_FOUND and absent is not None:
        return absent
    if response.is_error:
        is_json = "json" in response.headers.get("content-type", "")
        raise ConnectError(f"Kafka Connect refuses: {response.json()['message'] if is_json else response.text}")
    return response.json() if response.content else {}

"""Fixtures of the scorer's tests: a Schema Registry that knows the payments' schema, topics for one test."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import ScorerOptions
from fraud_pipeline.kafka import ensure_topics
from tests.fraud_pipeline.deploy.support import SCHEMA, SCHEMA_ID


class _Registry(BaseHTTPRequestHandler):
    """The one endpoint that a deserialiser calls, over real HTTP."""

    def do_GET(self) -> None:
        known = self.path.partition("?")[0] == f"/schemas/ids/{SCHEMA_ID}"
        answer = {"schema": json.dumps(SCHEMA)} if known else {"error_code": 40403, "message": "Schema not found"}
        body = json.dumps(answer).encode()
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/vnd.schemaregistry.v1+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="session")
def registry_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Registry)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def connection(kafka: Connection, registry_url: str) -> Connection:
    return replace(kafka, registry_url=registry_url)


@pytest.fixture
def options(connection: Connection, unique: Callable[[str], str]) -> ScorerOptions:
    """Topics and a group of this test alone."""
    name = unique("deploy")
    options = ScorerOptions(
        source=f"{name}-payments", scores=f"{name}-scores", alerts=f"{name}-alerts", group=f"{name}-group"
    )
    ensure_topics(connection, {options.source: 3})
    return options

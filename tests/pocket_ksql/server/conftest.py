"""A running server, as its users start it."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from fraud_pipeline.connection import Connection


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class RunningServer:
    """``pocket-ksql server`` in a process of its own."""

    bootstrap_servers: str
    service_id: str
    port: int
    registry_port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def registry_url(self) -> str:
        return f"http://127.0.0.1:{self.registry_port}"

    def ksql(self, text: str, **properties: str) -> httpx.Response:
        """Send a script to ``/ksql``."""
        return httpx.post(f"{self.url}/ksql", json={"ksql": text, "streamsProperties": properties}, timeout=60)

    def stop(self) -> int:
        """As a service manager stops it; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self) -> None:
        """As a power cut stops it."""
        self.process.kill()
        self.process.wait(60)


NO_CONNECT = "http://localhost:1"
"""Where no Kafka Connect worker listens; one may run at ksqlDB's usual place."""


def start_server(bootstrap_servers: str, service_id: str, *options: str) -> RunningServer:
    """Start a server and wait until it says that it is ready."""
    port, registry_port = free_port(), free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "pocket_ksql.cli", "server"),
            *("--bootstrap-servers", bootstrap_servers, "--service-id", service_id),
            *("--port", str(port), "--registry-port", str(registry_port), "--connect-url", NO_CONNECT),
            *options,
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first_line = process.stdout.readline()
    assert str(port) in first_line, f"the server did not start (exit code {process.poll()})"
    return RunningServer(bootstrap_servers, service_id, port, registry_port, process)


@contextlib.contextmanager
def running_server(bootstrap_servers: str, service_id: str) -> Iterator[RunningServer]:
    server = start_server(bootstrap_servers, service_id)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="module")
def server(kafka: Connection, request: pytest.FixtureRequest) -> Iterator[RunningServer]:
    """A server for the tests of one module, with its own streams and queries."""
    import uuid

    name = request.module.__name__.rsplit(".", 1)[-1]
    with running_server(kafka.bootstrap_servers, f"{name}_{uuid.uuid4().hex[:8]}_") as running:
        yield running


@pytest.fixture
def start(kafka: Connection) -> Iterator[Callable[..., RunningServer]]:
    """Start servers by service id, with further options if need be; they are stopped after the test."""
    started: list[RunningServer] = []

    def start_one(service_id: str, *options: str) -> RunningServer:
        started.append(start_server(kafka.bootstrap_servers, service_id, *options))
        return started[-1]

    yield start_one
    for one in started:
        if one.process.poll() is None:
            one.stop()

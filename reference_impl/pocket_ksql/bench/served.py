"""A server of its own on a Kafka that is there: its start, its memory, and records per second through Kafka."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from pocket_ksql.bench.cases import CASES, PAYMENTS
from pocket_ksql.bench.payments import payments
from pocket_ksql.errors import KsqlError
from pocket_ksql.kafka import Kafka
from pocket_ksql.prompt.client import Client
from pocket_ksql.records import Produced
from pocket_ksql.runner.output import Output
from pocket_ksql.runner.topics import KafkaTopics

_POLL = 0.02
_MEGABYTE = 1_000_000
_TRIES = 60
"""Seconds without a further record after which a query has failed."""


@dataclass(frozen=True)
class Served:
    """Seconds from the start of the process to its first answer; megabytes resident; records per second by format."""

    start_seconds: float
    megabytes_idle: int
    megabytes_after: int
    records_per_second: dict[str, int]


def measure_server(bootstrap_servers: str, count: int) -> Served:
    """Start a server, let its queries read ``count`` payments, stop it; topics are deleted. Raises ``KsqlError``."""
    kafka = Kafka.at(bootstrap_servers)
    name = f"bench_{uuid.uuid4().hex[:8]}"
    began = time.monotonic()
    with _server(bootstrap_servers, name) as (client, process):
        start_seconds = time.monotonic() - began
        idle = process.memory_info().rss
        topics = KafkaTopics(kafka.admin())
        client.execute(PAYMENTS.replace("KAFKA_TOPIC='payments'", f"KAFKA_TOPIC='{name}'"), {}, {})
        records = payments(count)
        output = Output(kafka)
        now = time.time_ns() // 1_000_000  # a broker deletes records that are old by their own time
        output.send([Produced(name, one.key, one.value, now) for one in records])
        output.flush()
        expected = sum(not (one.value or b"").endswith(b",") for one in records)
        speeds = {}
        for case in CASES:
            if case.output:
                sink = f"{name}_{case.output}"
                statement = case.statement.replace("WITH (", f"WITH (KAFKA_TOPIC='{sink}', ")
                began = time.monotonic()
                client.execute(statement, {"auto.offset.reset": "earliest"}, {})
                _wait(topics, sink, expected)
                speeds[case.output] = round(count / (time.monotonic() - began))
                client.execute("DROP STREAM projected DELETE TOPIC;", {}, {})
        after = process.memory_info().rss
        client.execute("DROP STREAM payments DELETE TOPIC;", {}, {})
    return Served(round(start_seconds, 2), idle // _MEGABYTE, after // _MEGABYTE, speeds)


@contextmanager
def _server(bootstrap_servers: str, service_id: str) -> Iterator[tuple[Client, psutil.Process]]:
    port, registry_port = _free_port(), _free_port()
    command = [
        *(sys.executable, "-m", "pocket_ksql.cli", "server", "--bootstrap-servers", bootstrap_servers),
        *("--port", str(port), "--registry-port", str(registry_port), "--service-id", f"{service_id}_"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    client = Client(f"http://127.0.0.1:{port}")
    try:
        assert process.stdout is not None
        if not process.stdout.readline():
            raise KsqlError("The server that was to be measured did not start; what it said stands above.")
        client.info()
        yield client, psutil.Process(process.pid)
    finally:
        client.close()
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(topics: KafkaTopics, topic: str, expected: int) -> None:
    """Until ``expected`` records are in the topic."""
    seen, since = 0, time.monotonic()
    while seen < expected:
        time.sleep(_POLL)
        now = sum(span.end for span in topics.ranges([topic]).values())
        if now > seen:
            seen, since = now, time.monotonic()
        elif time.monotonic() - since > _TRIES:
            raise KsqlError(f"Only {seen} of {expected} records arrived in {topic}.")

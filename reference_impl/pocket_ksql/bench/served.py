"""A server of its own on a Kafka that is there: its start, its memory, its queries through Kafka beside loops."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
from confluent_kafka import TopicPartition

from pocket_ksql.bench.cases import CARD_HOLDERS, CASES, PAYMENTS, Case
from pocket_ksql.bench.payments import card_holders, payments
from pocket_ksql.bench.peers import hand_written
from pocket_ksql.errors import KsqlError
from pocket_ksql.kafka import Kafka, ensure_topic
from pocket_ksql.prompt.client import Client
from pocket_ksql.records import Produced, Record
from pocket_ksql.runner.output import Output
from pocket_ksql.runner.topics import KafkaTopics

_POLL = 0.02
_MEGABYTE = 1_000_000
_LOOP_BATCH = 500
_TRIES = 60
"""Seconds without a further record after which a query has failed."""


@dataclass(frozen=True)
class ThroughKafka:
    """Records per second by the clock, from the statement, or the loop's start, to the last record in the topic.

    ``recorded_ksqldb`` is what a ksqlDB server was recorded to do (`cases`), not in the same run.
    """

    name: str
    records_per_second: int
    loop: int
    recorded_ksqldb: int | None = None


@dataclass(frozen=True)
class Served:
    """Seconds from the start of the process to its first answer; megabytes resident; each query beside a loop."""

    start_seconds: float
    megabytes_idle: int
    megabytes_after: int
    queries: list[ThroughKafka]


def measure_server(bootstrap_servers: str, count: int) -> Served:
    """Start a server, let its queries read ``count`` payments, stop it; topics are deleted. Raises ``KsqlError``."""
    kafka = Kafka.at(bootstrap_servers)
    name = f"bench_{uuid.uuid4().hex[:8]}"
    began = time.monotonic()
    with _server(bootstrap_servers, name) as (client, process):
        start_seconds = time.monotonic() - began
        idle = process.memory_info().rss
        topics = KafkaTopics(kafka.admin())
        for definition, topic in ((PAYMENTS, "payments"), (CARD_HOLDERS, "card_holders")):
            client.execute(definition.replace(f"'{topic}'", f"'{name}_{topic}'"), {}, {})
        records = payments(count)
        _fill(kafka, f"{name}_payments", records)
        _fill(kafka, f"{name}_card_holders", card_holders())
        queries = []
        for case in CASES:
            expected = sum(not (one.value or b"").endswith(b",") for one in records) if case.output else count
            sink = f"{name}_{CASES.index(case)}"
            kind, sink_name = case.statement.split()[1:3]
            began = time.monotonic()
            client.execute(case.statement.replace("WITH (", f"WITH (KAFKA_TOPIC='{sink}', ", 1), PROPERTIES, {})
            _wait(topics, sink, expected)
            speed = round(count / (time.monotonic() - began))
            client.execute(f"DROP {kind} {sink_name} DELETE TOPIC;", {}, {})
            loop = round(count / _seconds_of_loop(kafka, case, f"{name}_payments", count))
            queries.append(ThroughKafka(case.name, speed, loop, case.recorded))
        after = process.memory_info().rss
        for definition in ("STREAM payments", "TABLE card_holders"):
            client.execute(f"DROP {definition} DELETE TOPIC;", {}, {})
    return Served(round(start_seconds, 2), idle // _MEGABYTE, after // _MEGABYTE, queries)


PROPERTIES = {"auto.offset.reset": "earliest", "cache.max.bytes.buffering": "0"}
"""All that is there is read, and each change of a table comes out, as it does of the loop."""


def _fill(kafka: Kafka, topic: str, records: Sequence[Record]) -> None:
    output = Output(kafka)
    now = time.time_ns() // 1_000_000  # a broker deletes records that are old by their own time
    output.send([Produced(topic, one.key, one.value, now) for one in records])
    output.flush()


def _seconds_of_loop(kafka: Kafka, case: Case, topic: str, count: int) -> float:
    """The loop of `peers` between a consumer and a producer of confluent-kafka, in this process."""
    sink = f"{topic}_loop"
    admin = kafka.admin()
    ensure_topic(admin, sink)
    began = time.monotonic()
    consumer, producer, run = kafka.reader(), kafka.producer(linger_ms=3), hand_written(case.name)
    consumer.assign([TopicPartition(topic, 0, 0)])
    done = 0
    while done < count:
        batch = consumer.consume(_LOOP_BATCH, 1.0)
        records = [Record(one.key(), one.value(), one.timestamp()[1]) for one in batch if one.error() is None]
        for value in run(records):
            while True:
                try:
                    producer.produce(sink, value)
                except BufferError:
                    producer.poll(0.1)
                else:
                    break
        done += len(records)
    producer.flush()
    seconds = time.monotonic() - began
    consumer.close()
    KafkaTopics(admin).delete(sink)
    return seconds


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

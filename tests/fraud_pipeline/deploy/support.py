"""What the scorer's tests share: payments in Avro, a small real detector, a scorer as a process."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import fastavro
import numpy as np
from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition
from numpy.typing import NDArray

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import ScorerOptions
from fraud_pipeline.kafka import await_transactions

REPOSITORY = Path(__file__).resolve().parents[3]
SCHEMA_ID = 7
FEATURES = ("V1", "V2", "V3")
SCHEMA: dict[str, Any] = {
    "type": "record",
    "name": "KsqlDataSourceSchema",
    "namespace": "io.confluent.ksql.avro_schemas",
    "fields": [
        {"name": name, "type": ["null", kind], "default": None}
        for name, kind in (
            ("ID", "long"),
            ("USER", "string"),
            ("TIME", "int"),
            *((feature, "double") for feature in FEATURES),
            ("AMOUNT", "double"),
            ("CLASS", "int"),
        )
    ],
}
_PARSED = fastavro.parse_schema(SCHEMA)


class SquareDetector:
    """Scores a payment by the mean square of its features."""

    columns = FEATURES
    threshold = 3.0
    version = "squares-1"

    def score(self, features: NDArray[np.float64], /) -> NDArray[np.float64]:
        """Mean squares ``(n,)`` of the rows ``(n, 3)``."""
        return np.square(features).mean(axis=1)


def payment(number: int, **changes: Any) -> dict[str, Any]:
    """A payment as a record of ``SCHEMA``; every hundredth is unusual enough for an alert."""
    scale = 4.0 if number % 100 == 0 else 1.0
    row = {
        "ID": number,
        "USER": f"User_{number % 997}",
        "TIME": number // 10,
        "V1": scale * np.sin(number + 1.0),
        "V2": scale * np.cos(number + 1.0),
        "V3": scale,
        "AMOUNT": number / 100,
        "CLASS": int(number % 100 == 0),
    }
    return {name: float(value) if name in FEATURES else value for name, value in row.items()} | changes


def encode(record: Mapping[str, Any], schema: Any = _PARSED, schema_id: int = SCHEMA_ID) -> bytes:
    """A record in Confluent's wire format."""
    body = BytesIO()
    fastavro.schemaless_writer(body, schema, dict(record))
    return struct.pack(">BI", 0, schema_id) + body.getvalue()


def produce(connection: Connection, topic: str, values: Iterator[tuple[bytes, bytes | None]]) -> None:
    """Write (key, value) pairs and wait until all have arrived."""
    producer = Producer(connection.kafka(enable_idempotence=True, queue_buffering_max_messages=1_000_000))
    for key, value in values:
        producer.produce(topic, value, key)
    assert producer.flush(60) == 0


def payments(count: int, first: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of ``count`` payments."""
    for number in range(first, first + count):
        yield f"User_{number % 997}".encode(), encode(payment(number))


def read_committed(connection: Connection, topic: str) -> Iterator[Any]:
    """All messages of ``topic`` as a reader sees them who ignores aborted transactions, once none is open any more."""
    assert await_transactions(connection, topic, patience=120)
    consumer = Consumer(
        connection.kafka(group_id="reader", isolation_level="read_committed", enable_partition_eof=True)
    )
    try:
        partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        consumer.assign([TopicPartition(topic, partition, 0) for partition in partitions])
        unread = set(partitions)
        while unread:
            message = consumer.poll(60)
            assert message is not None, f"nothing from {topic} [{unread}] for a minute"
            error = message.error()
            if error is None:
                yield message
            else:
                assert error.code() == KafkaError._PARTITION_EOF, error
                unread.discard(message.partition())
    finally:
        consumer.close()


def start_scorer(connection: Connection, options: ScorerOptions, log: Path) -> subprocess.Popen[bytes]:
    """A scorer with :class:`SquareDetector` in a process of its own; its log is appended to ``log``."""
    settings = {
        "bootstrap_servers": connection.bootstrap_servers,
        "registry_url": connection.registry_url,
        "client": dict(connection.client),
    }
    command = [sys.executable, "-m", "tests.fraud_pipeline.deploy.support"]
    with log.open("ab") as output:
        return subprocess.Popen(
            [*command, json.dumps(settings), json.dumps(asdict(options))], cwd=REPOSITORY, stderr=output
        )


if __name__ == "__main__":
    import logging

    from fraud_pipeline.deploy.service import serve

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    serve(Connection(**json.loads(sys.argv[1])), SquareDetector(), ScorerOptions(**json.loads(sys.argv[2])))

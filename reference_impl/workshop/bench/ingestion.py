"""Our ingestion, parsing included, against Kafka's own ``ProducerPerformance`` on the same records and settings."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pyarrow.csv
from confluent_kafka.admin import AdminClient

from fraud_pipeline.connection import Connection
from fraud_pipeline.ingest import ingest
from fraud_pipeline.ingest.producer import LINGER_MS, PRODUCER_SETTINGS
from fraud_pipeline.kafka import ensure_topics
from fraud_pipeline.topics import PARTITIONS
from fraud_pipeline.transactions import FileSource
from fraud_pipeline.transactions.synthetic import SyntheticSource
from workshop.bench.ratio import Ratio
from workshop.errors import WorkshopError
from workshop.stack.java import Java

_PEER = "org.apache.kafka.tools.ProducerPerformance"
_RATE = re.compile(r"([\d.]+) records/sec")
_OURS, _THEIRS = "bench_ingest", "bench_producer_performance"


def write_payments(path: Path, rows: int) -> Path:
    """Write ``rows`` synthetic payments as the CSV file that both sides read."""
    source = SyntheticSource()
    blocks = (block.payments for block in source.blocks(rows))
    first = next(blocks)
    with pyarrow.csv.CSVWriter(path, first.schema) as writer:
        writer.write_batch(first)
        for batch in blocks:
            writer.write_batch(batch)
    return path


def measure(connection: Connection, java: Java, payments: Path, repeats: int = 3) -> Ratio:
    """Records per second of either side, the median of ``repeats`` runs taken in turn. ``payments``: a CSV file."""
    ours, theirs = [], []
    lines = _without_header(payments)
    for _ in range(repeats):
        _fresh(connection)
        theirs.append(_producer_performance(connection, java, lines))
        ours.append(ingest(connection, FileSource(payments), topic=_OURS).rate)
    _remove(connection)
    return Ratio.of_medians("ingestion, parsing included", "ProducerPerformance", "records/s", ours, theirs)


def _producer_performance(connection: Connection, java: Java, lines: Path) -> float:
    with lines.open("rb") as file:
        count = sum(1 for _ in file)
    properties = {
        "bootstrap.servers": connection.bootstrap_servers,
        "enable.idempotence": "true",
        "acks": "all",
        "compression.type": str(PRODUCER_SETTINGS["compression_type"]),
        "batch.size": str(PRODUCER_SETTINGS["batch_size"]),
        "linger.ms": str(LINGER_MS["bulk"]),
        "buffer.memory": str(256 * 2**20),
    }
    command = java.command(
        _PEER,
        *("--topic", _THEIRS, "--num-records", str(count), "--throughput", "-1", "--payload-file", str(lines)),
        *("--producer-props", *(f"{name}={value}" for name, value in properties.items())),
        heap="1g",
        quick=False,
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rates = _RATE.findall(done.stdout)
    if done.returncode != 0 or not rates:
        raise WorkshopError(f"ProducerPerformance failed:\n{(done.stderr or done.stdout)[-800:]}")
    return float(rates[-1])


def _without_header(payments: Path) -> Path:
    """The file's rows alone: what the peer sends as they stand."""
    lines = payments.with_suffix(".lines")
    lines.write_bytes(payments.read_bytes().partition(b"\n")[2])
    return lines


def _fresh(connection: Connection) -> None:
    _remove(connection)
    ensure_topics(connection, {_THEIRS: PARTITIONS})


def _remove(connection: Connection) -> None:
    admin = AdminClient(connection.kafka())
    known = admin.list_topics(timeout=10).topics
    ours = [name for name in known if name.startswith((_OURS, _THEIRS))]
    for future in (admin.delete_topics(ours, operation_timeout=30) if ours else {}).values():
        future.result()

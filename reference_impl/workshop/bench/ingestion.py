"""Our ingestion, parsing included, against Kafka's own ``ProducerPerformance`` on the same records and settings."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from confluent_kafka.admin import AdminClient

from fraud_pipeline.connection import Connection
from fraud_pipeline.ingest import ingest
from fraud_pipeline.ingest.producer import LINGER_MS, PRODUCER_SETTINGS
from fraud_pipeline.kafka import ensure_topics
from fraud_pipeline.topics import PARTITIONS
from fraud_pipeline.transactions import FileSource
from fraud_pipeline.transactions.files import write_payments
from fraud_pipeline.transactions.synthetic import SyntheticSource
from workshop.bench.ratio import Ratio
from workshop.errors import WorkshopError
from workshop.stack.java import Java

_PEER = "org.apache.kafka.tools.ProducerPerformance"
_RATE = re.compile(r"([\d.]+) records/sec")
_OURS, _THEIRS = "bench_ingest", "bench_producer_performance"


def measure(connection: Connection, java: Java, folder: Path, rows: int = 200_000, repeats: int = 3) -> Ratio:
    """Records per second of either side, the median of ``repeats`` runs taken in turn.

    Both read the same ``rows`` synthetic payments from files in ``folder``: ours parses and checks each, the peer
    sends lines at random as they stand.
    """
    payments, lines = folder / "payments.csv", folder / "payments.lines"
    write_payments(SyntheticSource(), payments, rows)
    write_payments(SyntheticSource(), lines, rows, header=False)
    ours, theirs = [], []
    for _ in range(repeats):
        _fresh(connection)
        theirs.append(_producer_performance(connection, java, lines, rows))
        ours.append(ingest(connection, FileSource(payments), topic=_OURS).rate)
    _remove(connection)
    return Ratio.of_medians("ingestion, parsing included", "ProducerPerformance", "records/s", ours, theirs)


def _producer_performance(connection: Connection, java: Java, lines: Path, count: int) -> float:
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


def _fresh(connection: Connection) -> None:
    _remove(connection)
    ensure_topics(connection, {_THEIRS: PARTITIONS})


def _remove(connection: Connection) -> None:
    admin = AdminClient(connection.kafka())
    known = admin.list_topics(timeout=10).topics
    ours = [name for name in known if name.startswith((_OURS, _THEIRS))]
    for future in (admin.delete_topics(ours, operation_timeout=30) if ours else {}).values():
        future.result()

"""The yardstick for ``ingest``: Kafka's own ``ProducerPerformance`` tool, with the same settings and record size."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence

from fraud_pipeline.connection import Connection
from fraud_pipeline.ingest.producer import LINGER_MS, PRODUCER_SETTINGS

RECORD_BYTES = 550
"""About the size of a payment as one DELIMITED line."""

_CLASS = "org.apache.kafka.tools.ProducerPerformance"
_RESULT = re.compile(r"records sent, ([\d.]+) records/sec")


class YardstickError(Exception):
    """The tool did not run to its end."""


def producer_performance(connection: Connection, java: Sequence[str], topic: str, records: int) -> float:
    """Records per second that the tool sends to ``topic``.

    ``java`` is the command that starts a Java class from Kafka's jars, such as ``["java", "-cp", "kafka/libs/*"]``.
    Its settings are those of ``ingest``: idempotent, acks=all, lz4, the same linger and batch size.
    """
    settings = {
        "bootstrap.servers": connection.bootstrap_servers,
        **connection.client,
        "acks": "all",
        "enable.idempotence": "true",
        "compression.type": PRODUCER_SETTINGS["compression_type"],
        "batch.size": PRODUCER_SETTINGS["batch_size"],
        "linger.ms": LINGER_MS["bulk"],
    }
    command = [*java, _CLASS, "--topic", topic, "--num-records", str(records), "--record-size", str(RECORD_BYTES)]
    command += ["--throughput", "-1", "--producer-props", *(f"{name}={value}" for name, value in settings.items())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rates = _RESULT.findall(done.stdout)
    if done.returncode or not rates:
        raise YardstickError(f"ProducerPerformance failed: {(done.stderr or done.stdout).strip()[-500:]}")
    return float(rates[-1])

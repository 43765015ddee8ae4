"""A whole streaming platform for tests: some Kafka, and the KSQL server with its Schema Registry beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from fraud_pipeline.connection import Connection
from workshop.stack import processes
from workshop.stack.ksql import KsqlService
from workshop.stack.ports import HOST, choose

_PATIENCE = 60


@contextmanager
def with_ksql(kafka: Connection, folder: Path) -> Iterator[Connection]:
    """Run the KSQL server on free ports for the Kafka of ``kafka``; its log goes to ``folder``."""
    ksql = choose(0)
    ports = {
        "kafka": int(kafka.bootstrap_servers.rpartition(":")[2]),
        "ksql": ksql,
        "registry": choose(0, taken=[ksql]),
    }
    service, log = KsqlService(), folder / "ksql.log"
    handle = processes.start(service.prepare(ports), log)
    try:
        processes.wait_healthy(service.name, handle, lambda: service.is_healthy(ports), log, _PATIENCE)
        yield replace(
            kafka, ksql_url=f"http://{HOST}:{ports['ksql']}", registry_url=f"http://{HOST}:{ports['registry']}"
        )
    finally:
        processes.stop(handle)

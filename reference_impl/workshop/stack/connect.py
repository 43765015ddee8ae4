"""A real Kafka Connect worker in distributed mode, with the file connectors on its class path."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workshop.stack.http import answers
from workshop.stack.java import Java
from workshop.stack.ports import HOST
from workshop.stack.service import Ports, write_properties

_WORKER = "org.apache.kafka.connect.cli.ConnectDistributed"


@dataclass(frozen=True)
class ConnectService:
    """The worker; its connectors, offsets and status live in topics, so they survive a restart."""

    java: Java
    directory: Path
    name: str = "connect"
    roles: tuple[str, ...] = ("connect",)

    def prepare(self, ports: Ports) -> list[str]:
        config = write_properties(self.directory / "connect.properties", self.properties(ports))
        return self.java.command(_WORKER, str(config))

    def properties(self, ports: Ports) -> dict[str, object]:
        return {
            "bootstrap.servers": f"{HOST}:{ports['kafka']}",
            "listeners": f"http://{HOST}:{ports['connect']}",
            "rest.advertised.host.name": HOST,
            "group.id": "workshop-connect",
            "key.converter": "org.apache.kafka.connect.storage.StringConverter",
            "value.converter": "org.apache.kafka.connect.storage.StringConverter",
            "config.storage.topic": "_connect_configs",
            "offset.storage.topic": "_connect_offsets",
            "status.storage.topic": "_connect_status",
            "config.storage.replication.factor": 1,
            "offset.storage.replication.factor": 1,
            "status.storage.replication.factor": 1,
            "offset.storage.partitions": 1,
            "status.storage.partitions": 1,
            "offset.flush.interval.ms": 1000,
            "scheduled.rebalance.max.delay.ms": 0,
        }

    def is_healthy(self, ports: Ports) -> bool:
        return answers(f"http://{HOST}:{ports['connect']}/connectors")

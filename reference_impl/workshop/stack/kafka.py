"""One real Apache Kafka node (KRaft: broker and controller in one process), on loopback."""

from __future__ import annotations

import base64
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from workshop.errors import StackError
from workshop.stack.java import Java
from workshop.stack.ports import HOST, accepts
from workshop.stack.service import Ports, write_properties

_FORMAT = "kafka.tools.StorageTool"
_OFFSETS_PARTITIONS = 5
_ONE_GROUP_EACH = [str(number) for number in range(_OFFSETS_PARTITIONS)]
"""Names of groups, each kept by another partition of the offsets topic. While one of these is being loaded, a client
that asks for a group's offsets may end with its whole process (librdkafka's issue 5040)."""

_SHORT_PAUSES = ("-XX:+UseParallelGC", "-Xmn256m")
"""At 1,000 payments a second the broker stands still for 13 ms every 2.7 s; without, for 25 ms every 1.5 s."""

CLIENT: Mapping[str, str] = {"enable.sparse.connections": "false"}
"""For clients of this one node: they connect to it as soon as they know it, not when they first need it. Otherwise the
start of one producer with transactions in six, by chance, stands still for half a second."""


@dataclass(frozen=True)
class KafkaService:
    """The broker; topics live in ``data``."""

    java: Java
    data: Path
    name: str = "kafka"
    roles: tuple[str, ...] = ("kafka", "controller")
    main: ClassVar[str] = "kafka.Kafka"

    def prepare(self, ports: Ports) -> list[str]:
        config = write_properties(self.data / "server.properties", self.properties(ports))
        if not (self.data / "log" / "meta.properties").exists():
            self._format(config)
        return self.java.command(self.main, str(config), heap="768m", collector=_SHORT_PAUSES)

    def properties(self, ports: Ports) -> dict[str, object]:
        """The broker's configuration: one node, so every internal topic has one replica."""
        client, controller = f"{HOST}:{ports['kafka']}", f"{HOST}:{ports['controller']}"
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@{controller}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{client},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{client}",
            "log.dirs": self.data / "log",
            "auto.create.topics.enable": "false",
            # Payments keep the time at which they happened, which may be years ago: nothing is deleted by age.
            "log.retention.ms": -1,
            # A laptop runs few groups and transactions; fewer internal partitions start and recover faster.
            "offsets.topic.num.partitions": _OFFSETS_PARTITIONS,
            "offsets.topic.replication.factor": 1,
            "transaction.state.log.num.partitions": 5,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            # Each write would be checked against its transaction once more (KIP-890), lest it arrives when that has
            # ended. On one connection to one node it cannot, and the check is one request in eight.
            "transaction.partition.verification.enable": "false",
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            # 128 MB by default, held for good, to compact topics that are far larger than those of a laptop.
            "log.cleaner.dedupe.buffer.size": 4 * 1024 * 1024,
            # The default waits 3 s for more members before a group's first assignment.
            "group.initial.rebalance.delay.ms": 0,
        }

    def is_healthy(self, ports: Ports) -> bool:
        if not accepts(ports["kafka"]):
            return False
        admin = AdminClient({"bootstrap.servers": f"{HOST}:{ports['kafka']}", "log_level": 0})
        try:
            if not admin.list_topics(timeout=2).brokers:
                return False
            answers = admin.describe_consumer_groups(_ONE_GROUP_EACH, request_timeout=2).values()
        except KafkaException:
            return False
        # Raised, an error would hold its client by its traceback until the next collection of garbage.
        return all(answer.exception() is None for answer in answers)

    def _format(self, config: Path) -> None:
        """Give the data folder its cluster id. A folder left half formatted by a crash is taken over."""
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = self.java.command(
            _FORMAT, "format", "--ignore-formatted", f"--cluster-id={cluster}", "-c", str(config)
        )
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise StackError(
                f"Kafka could not prepare {self.data}:\n{(done.stderr or done.stdout).strip()[-800:]}",
                hint="Is the folder writable and the disk not full? `workshop doctor` checks both.",
            )

"""The command topic: every statement that changed something, in order, to be repeated at the next start."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pocket_ksql.kafka import Kafka, TopicLog

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Command:
    """A statement as it was carried out.

    ``sequence`` is the number that ksqlDB reports. It writes each command in a transaction, whose marker takes
    an offset too: hence the even numbers. Ids of queries carry the odd number before it.
    """

    id: str
    statement: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    sequence: int = 0


class CommandLog:
    """Commands in a topic of one partition, in the JSON of ksqlDB's command topic."""

    def __init__(self, kafka: Kafka, topic: str) -> None:
        self._log = TopicLog(kafka, topic, {"cleanup.policy": "delete", "retention.ms": "-1"})
        self._count = 0

    @property
    def next_sequence(self) -> int:
        return 2 * self._count

    @property
    def next_number(self) -> int:
        """The number in the id of the query that the next command starts."""
        return self.next_sequence - 1

    def read(self) -> Iterator[Command]:
        """All commands so far."""
        for key, value in self._log.read():
            sequence = self.next_sequence
            self._count += 1
            try:
                content = json.loads(value or b"")
                yield Command(json.loads(key or b'""'), content["statement"], content["streamsProperties"], sequence)
            except (ValueError, KeyError, TypeError) as error:
                _log.warning("Command %d is not readable and is left out: %s", sequence, error)

    def append(self, command_id: str, statement: str, properties: Mapping[str, Any]) -> int:
        """Keep a command; returns its sequence number once it is safe."""
        content = {"statement": statement, "streamsProperties": dict(properties), "originalProperties": {}}
        self._log.append(json.dumps(command_id).encode(), json.dumps(content).encode())
        self._count += 1
        return 2 * (self._count - 1)

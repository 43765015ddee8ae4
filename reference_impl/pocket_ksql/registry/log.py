"""Where the registry keeps its events: the compacted topic ``_schemas``, or memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from pocket_ksql.kafka import Kafka, TopicLog
from pocket_ksql.registry.store import Event

TOPIC = "_schemas"


class EventLog(Protocol):
    """A plug for the registry's memory."""

    def read(self) -> Iterable[Event]: ...

    def append(self, event: Event) -> None:
        """Keep ``event``; returns once it is kept."""


class MemoryLog:
    """Events that live as long as the process."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def read(self) -> Iterable[Event]:
        return list(self._events)

    def append(self, event: Event) -> None:
        self._events.append(event)


class KafkaLog:
    """Events in a compacted topic with Confluent's JSON keys and values."""

    def __init__(self, kafka: Kafka, topic: str = TOPIC) -> None:
        self._log = TopicLog(kafka, topic, {"cleanup.policy": "compact"})

    def read(self) -> Iterator[Event]:
        for key, value in self._log.read():
            if key is not None:
                yield json.loads(key), None if value is None else json.loads(value)

    def append(self, event: Event) -> None:
        key, value = event
        self._log.append(_compact(key), None if value is None else _compact(value))


def _compact(content: dict[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()

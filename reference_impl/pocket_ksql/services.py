"""What the engine asks of the world around it, as protocols, with in-memory implementations.

The runner passes implementations that talk to Kafka and to a Schema Registry; tests pass these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


class RegisteredSchema(NamedTuple):
    """A schema as the registry holds it; ``kind`` is ``AVRO``, ``JSON`` or ``PROTOBUF``.

    ``references`` are the schemas that it imports: the name under which it does, and their text.
    """

    id: int
    kind: str
    text: str
    references: tuple[tuple[str, str], ...] = ()


class Topics(Protocol):
    """The topics of a cluster."""

    def partitions(self, name: str) -> int | None:
        """Number of partitions of ``name``, or ``None`` if there is no such topic."""

    def replicas(self, name: str) -> int | None:
        """Replication factor of ``name``, or ``None`` if there is no such topic."""

    def create(self, name: str, partitions: int, replicas: int, config: Mapping[str, str]) -> None:
        """Create a topic; one that exists is left as it is."""

    def delete(self, name: str) -> None:
        """Delete a topic; one that does not exist is no error."""


class Schemas(Protocol):
    """A Schema Registry, reduced to what formats need."""

    def register(self, subject: str, kind: str, text: str) -> int:
        """Register a schema under ``subject`` and return its id; the same text gives the same id."""

    def by_id(self, schema_id: int) -> RegisteredSchema | None:
        """The schema with that id, or ``None``."""

    def latest(self, subject: str) -> RegisteredSchema | None:
        """The latest version under ``subject``, or ``None``."""

    def delete(self, subject: str) -> None:
        """Forget a subject; one that does not exist is no error."""


@dataclass
class MemoryTopic:
    """Partitions, replicas and configuration of one topic in memory."""

    partitions: int
    replicas: int = 1
    config: Mapping[str, str] = field(default_factory=dict)


class MemoryTopics:
    """Topics that exist only by name. With ``default_partitions`` every topic seems to exist already."""

    def __init__(self, default_partitions: int | None = None) -> None:
        self.topics: dict[str, MemoryTopic] = {}
        self._default = default_partitions

    def partitions(self, name: str) -> int | None:
        topic = self.topics.get(name)
        return topic.partitions if topic else self._default

    def replicas(self, name: str) -> int | None:
        topic = self.topics.get(name)
        return topic.replicas if topic else self._default and 1

    def create(self, name: str, partitions: int, replicas: int, config: Mapping[str, str]) -> None:
        self.topics.setdefault(name, MemoryTopic(partitions, replicas, dict(config)))

    def delete(self, name: str) -> None:
        self.topics.pop(name, None)


class MemorySchemas:
    """A Schema Registry in a dictionary."""

    def __init__(self) -> None:
        self._by_id: dict[int, RegisteredSchema] = {}
        self._subjects: dict[str, list[int]] = {}

    def register(
        self,
        subject: str,
        kind: str,
        text: str,
        schema_id: int | None = None,
        references: tuple[tuple[str, str], ...] = (),
    ) -> int:
        """Register as the protocol says; with ``schema_id`` under that id, as an import would."""
        for schema in self._by_id.values():
            if schema.kind == kind and schema.text == text and schema_id in (None, schema.id):
                break
        else:
            schema = RegisteredSchema(schema_id or max(self._by_id, default=0) + 1, kind, text, references)
            self._by_id[schema.id] = schema
        versions = self._subjects.setdefault(subject, [])
        if schema.id not in versions:
            versions.append(schema.id)
        return schema.id

    def by_id(self, schema_id: int) -> RegisteredSchema | None:
        return self._by_id.get(schema_id)

    def latest(self, subject: str) -> RegisteredSchema | None:
        versions = self._subjects.get(subject)
        return self._by_id[versions[-1]] if versions else None

    def delete(self, subject: str) -> None:
        self._subjects.pop(subject, None)

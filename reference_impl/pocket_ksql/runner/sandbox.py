"""Statements tried on a copy of everything, so that a script is carried out as a whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pocket_ksql.engine import Engine, Outcome, PreparedStatement
from pocket_ksql.services import MemoryTopic, RegisteredSchema, Schemas, Topics

_HIGHEST_ID = 2**31 - 1


class _TriedTopics:
    """Topics as they would be; nothing reaches the cluster."""

    def __init__(self, real: Topics) -> None:
        self._real = real
        self._changed: dict[str, MemoryTopic | None] = {}

    def partitions(self, name: str) -> int | None:
        topic = self._changed.get(name)
        if name in self._changed:
            return topic.partitions if topic else None
        return self._real.partitions(name)

    def replicas(self, name: str) -> int | None:
        topic = self._changed.get(name)
        if name in self._changed:
            return max(topic.replicas, 1) if topic else None
        return self._real.replicas(name)

    def create(self, name: str, partitions: int, replicas: int, config: Mapping[str, str]) -> None:
        if self.partitions(name) is None:
            self._changed[name] = MemoryTopic(partitions, replicas, config)

    def delete(self, name: str) -> None:
        self._changed[name] = None


class _TriedSchemas:
    """Schemas as they would be; new ones get ids that mean nothing."""

    def __init__(self, real: Schemas) -> None:
        self._real = real
        self._tried: list[tuple[str, RegisteredSchema]] = []

    def register(self, subject: str, kind: str, text: str) -> int:
        schema = RegisteredSchema(_HIGHEST_ID - len(self._tried), kind, text)
        self._tried.append((subject, schema))
        return schema.id

    def by_id(self, schema_id: int) -> RegisteredSchema | None:
        tried = (schema for _, schema in self._tried if schema.id == schema_id)
        return next(tried, None) or self._real.by_id(schema_id)

    def latest(self, subject: str) -> RegisteredSchema | None:
        tried = (schema for name, schema in reversed(self._tried) if name == subject)
        return next(tried, None) or self._real.latest(subject)

    def delete(self, subject: str) -> None:
        self._tried = [(name, schema) for name, schema in self._tried if name != subject]


class Sandbox:
    """An engine that knows what ``engine`` knows and whose statements have no effect outside."""

    def __init__(self, engine: Engine) -> None:
        self._engine = Engine(
            _TriedTopics(engine.topics), _TriedSchemas(engine.schemas), engine.functions, service_id=engine.service_id
        )
        self._engine.metastore = engine.metastore.copy()

    def execute(self, statement: PreparedStatement, properties: Mapping[str, Any], number: int) -> Outcome:
        """What `Engine.execute` would do, or raise, now."""
        return self._engine.execute(statement, properties, number)

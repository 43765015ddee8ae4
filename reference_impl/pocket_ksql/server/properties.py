"""The properties that SHOW PROPERTIES lists, and those that SET and a request may change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pocket_ksql.server.errors import RequestError
from pocket_ksql.settings import Settings

STREAMS_PREFIX = "ksql.streams."
FUNCTIONS_PREFIX = "ksql.functions."
"""Before what single functions are told, as in ``ksql.functions.collect_list.limit``."""

SESSION_PROPERTIES = frozenset(
    {
        "auto.offset.reset",
        "cache.max.bytes.buffering",
        "statestore.cache.max.bytes",
        "commit.interval.ms",
        "compression.type",
        "fetch.min.bytes",
        "max.task.idle.ms",
        "num.stream.threads",
        "processing.guarantee",
        "ksql.output.topic.name.prefix",
        "ksql.persistence.default.format.key",
        "ksql.persistence.default.format.value",
        "ksql.persistence.wrap.single.values",
        "ksql.query.pull.range.scan.enabled",
        "ksql.query.pull.stream.enabled",
        "ksql.query.pull.table.scan.enabled",
        "ksql.query.pull.max.allowed.offset.lag",
        "ksql.query.push.v2.enabled",
        "ksql.query.retry.backoff.max.ms",
        "ksql.timestamp.throw.on.invalid",
        "ksql.nested.error.set.null",
        "ksql.cast.strings.preserve.nulls",
        "ksql.sink.partitions",
        "ksql.sink.replicas",
    }
)
"""What SET takes; names of Kafka Streams with or without ``ksql.streams.`` before them."""

PROHIBITED_PROPERTIES = frozenset(
    {
        "ksql.service.id",
        "ksql.extension.dir",
        "application.id",
        "application.server",
        "bootstrap.servers",
    }
)
"""What makes a server what it is: no session and no request changes it."""

HIDDEN_TOPICS = (
    "_confluent",
    "__confluent",
    "_schemas",
    "__consumer_offsets",
    "__transaction_state",
    "connect-configs",
    "connect-offsets",
    "connect-status",
)
"""Beginnings of the names that SHOW TOPICS leaves out."""


def is_settable(name: str) -> bool:
    """Whether a session may change the property."""
    plain = name.removeprefix(STREAMS_PREFIX)
    known = name in SESSION_PROPERTIES or plain.removeprefix("consumer.") in SESSION_PROPERTIES
    return known or name.startswith(FUNCTIONS_PREFIX)


def check_not_prohibited(names: Iterable[str]) -> None:
    """Raise ``RequestError`` if one of the properties is not to be changed."""
    found = [name for name in names if name.removeprefix(STREAMS_PREFIX) in PROHIBITED_PROPERTIES]
    if found:
        raise RequestError(
            "One or more properties overrides set locally are prohibited by the KSQL server denylist "
            f"(use UNSET to reset their default value): [{', '.join(found)}]"
        )


def property_entities(settings: Settings, changed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is set, and whether a session may change it; ``changed`` are the session's own values."""
    server = {
        "ksql.service.id": settings.service_id,
        "ksql.schema.registry.url": settings.schema_registry,
        "ksql.streams.bootstrap.servers": settings.kafka.bootstrap_servers,
        "ksql.streams.application.server": f"http://{settings.host}:{settings.port}",
        "ksql.persistence.default.format.key": "KAFKA",
        "ksql.persistence.default.format.value": None,
        "ksql.hidden.topics": ",".join(f"{name}.*" for name in HIDDEN_TOPICS),
        "ksql.internal.topic.replicas": "1",
        "ksql.pull.queries.enable": "true",
        "ksql.insert.into.values.enabled": "true",
        "ksql.create.or.replace.enabled": "true",
        "ksql.variable.substitution.enable": "true",
    }
    session = {
        "ksql.streams.auto.offset.reset": "latest",
        "ksql.streams.cache.max.bytes.buffering": str(settings.cache_bytes),
        "ksql.streams.commit.interval.ms": str(int(settings.commit_interval * 1000)),
        "ksql.streams.processing.guarantee": settings.processing_guarantee,
        **{_full_name(name): str(value) for name, value in changed.items()},
    }
    return [
        *(_entity(name, value, editable=False) for name, value in server.items()),
        *(_entity(name, value, editable=True) for name, value in session.items()),
    ]


def _full_name(name: str) -> str:
    return name if name.startswith("ksql.") else STREAMS_PREFIX + name


def _entity(name: str, value: str | None, *, editable: bool) -> dict[str, Any]:
    return {"name": name, "scope": "KSQL", "value": value, "editable": editable, "level": "SERVER"}

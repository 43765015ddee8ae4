"""A Kafka container serves clients on the host: topics, records, transactions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType

from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import ensure_topics

pytestmark = pytest.mark.container


def committed_records(connection: Connection, topic: str, count: int) -> list[tuple[bytes | None, bytes | None]]:
    """The first ``count`` records of ``topic`` that no aborted transaction holds."""
    consumer = Consumer(
        connection.kafka(group_id=topic, auto_offset_reset="earliest", isolation_level="read_committed")
    )
    try:
        consumer.subscribe([topic])
        return [(message.key(), message.value()) for message in consumer.consume(count, timeout=120)]
    finally:
        consumer.close()


def test_a_topic_has_the_partitions_and_settings_asked_for(
    kafka_container: Connection, unique: Callable[[str], str]
) -> None:
    topic = unique("payments")
    ensure_topics(kafka_container, {topic: 3}, {"retention.ms": "7200000"})

    admin = AdminClient(kafka_container.kafka())
    resource = ConfigResource(ResourceType.TOPIC, topic)
    settings = admin.describe_configs([resource])[resource].result(timeout=30)

    assert len(admin.list_topics(topic, timeout=30).topics[topic].partitions) == 3
    assert settings["retention.ms"].value == "7200000"


def test_records_come_back_with_their_keys(kafka_container: Connection, unique: Callable[[str], str]) -> None:
    topic = unique("payments")
    ensure_topics(kafka_container, {topic: 3})
    sent = [(f"user-{i % 7}".encode(), f"{i},{i / 8}".encode()) for i in range(1_000)]

    producer = Producer(kafka_container.kafka(enable_idempotence=True))
    for key, value in sent:
        producer.produce(topic, key=key, value=value)
    assert producer.flush(60) == 0

    assert sorted(committed_records(kafka_container, topic, len(sent))) == sorted(sent)


def test_records_of_an_aborted_transaction_are_not_seen(
    kafka_container: Connection, unique: Callable[[str], str]
) -> None:
    topic = unique("scores")
    ensure_topics(kafka_container, {topic: 1})
    producer = Producer(kafka_container.kafka(transactional_id=topic))
    producer.init_transactions(30)

    producer.begin_transaction()
    producer.produce(topic, key=b"first", value=b"aborted")
    producer.flush(60)
    producer.abort_transaction(30)
    producer.begin_transaction()
    producer.produce(topic, key=b"second", value=b"committed")
    producer.commit_transaction(30)

    assert committed_records(kafka_container, topic, 1) == [(b"second", b"committed")]

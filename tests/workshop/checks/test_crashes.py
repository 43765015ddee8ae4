"""A delivery that is cut off at any call: an exactly-once one survives it, another one is found out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import Incoming, Outgoing
from fraud_pipeline.kafka import ensure_topics
from fraud_pipeline.snapshot import read_to_end
from workshop.checks.crashes import delivering

Deliver = Callable[[Producer, Consumer, Sequence[Outgoing], list[TopicPartition]], None]


def next_offsets(topic: str, batch: Sequence[Incoming]) -> list[TopicPartition]:
    return [TopicPartition(topic, 0, batch[-1].offset + 1)]


def transaction(producer: Producer, records: Sequence[Outgoing], *first: Callable[[], Any]) -> None:
    producer.begin_transaction()
    for call in first:
        call()
    for record in records:
        producer.produce(record.topic, record.value, record.key)
    producer.commit_transaction()


def exactly_once(
    producer: Producer, consumer: Consumer, records: Sequence[Outgoing], offsets: list[TopicPartition]
) -> None:
    group = consumer.consumer_group_metadata()
    try:
        transaction(producer, records, lambda: producer.send_offsets_to_transaction(offsets, group))
    except KafkaException:
        producer.abort_transaction()
        raise


def commit_first(
    producer: Producer, consumer: Consumer, records: Sequence[Outgoing], offsets: list[TopicPartition]
) -> None:
    consumer.commit(offsets=offsets, asynchronous=False)
    transaction(producer, records)


def commit_after(
    producer: Producer, consumer: Consumer, records: Sequence[Outgoing], offsets: list[TopicPartition]
) -> None:
    transaction(producer, records)
    consumer.commit(offsets=offsets, asynchronous=False)


@pytest.fixture
def topics(kafka: Connection, unique: Callable[[str], str]) -> list[str]:
    """Source with four records, scores, and alerts that take no large ones."""
    names = [unique(name) for name in ("source", "scores", "alerts")]
    ensure_topics(kafka, dict.fromkeys(names[:2], 1))
    ensure_topics(kafka, {names[2]: 1}, {"max.message.bytes": "20000"})
    producer = Producer(kafka.kafka())
    for number in range(4):
        producer.produce(names[0], str(number))
    producer.flush()
    return names


def scores(kafka: Connection, topics: Sequence[str]) -> dict[int, int]:
    found = Counter(record.value() for batch in read_to_end(kafka, topics[1]) for record in batch)
    return dict(Counter(found[f"score of {number}".encode()] for number in range(4)))


@pytest.mark.parametrize(
    ("deliver", "expected"), [(exactly_once, {1: 4}), (commit_first, {0: 4}), (commit_after, {1: 2, 2: 2})]
)
def test_a_crash_before_each_call_shows_what_is_lost_and_repeated(
    kafka: Connection, topics: list[str], deliver: Deliver, expected: dict[int, int]
) -> None:
    crashes = 0
    while delivering(next_offsets, deliver, kafka, topics, 2, crash_at=crashes)["crashed"]:
        crashes += 1
    assert crashes >= 3
    assert scores(kafka, topics) == expected


def test_a_refused_record_is_told_and_the_batch_delivered_without_it(kafka: Connection, topics: list[str]) -> None:
    outcome = delivering(next_offsets, exactly_once, kafka, topics, 2, refused=True)
    assert outcome == {"batches": 2, "crashed": False, "raised": "KafkaException"}
    assert scores(kafka, topics) == {1: 4}

"""Topics of a real broker, as the engine asks for them."""

from __future__ import annotations

from collections.abc import Callable

from confluent_kafka import OFFSET_END

from pocket_ksql.kafka import Kafka, edge_offsets
from pocket_ksql.runner.topics import KafkaTopics, OffsetRange

_MANY = 24
"""Partitions whose logs take a broker longer to make than a client to ask for them."""


def test_topics_can_be_asked_for_their_offsets_as_soon_as_they_are_made(
    cluster: Kafka, unique: Callable[[str], str]
) -> None:
    topics, name = KafkaTopics(cluster.admin()), unique("new")
    topics.create(name, _MANY, -1, {})
    assert topics.ranges([name]) == {(name, number): OffsetRange(0, 0) for number in range(_MANY)}


def test_a_reader_can_ask_for_the_ends_of_a_topic_as_soon_as_it_is_made(
    cluster: Kafka, unique: Callable[[str], str]
) -> None:
    reader, name = cluster.reader(), unique("new")
    KafkaTopics(cluster.admin()).create(name, _MANY, -1, {})
    partitions = [(name, number) for number in range(_MANY)]
    assert edge_offsets(reader, partitions, OFFSET_END, 30) == dict.fromkeys(partitions, 0)
    reader.close()

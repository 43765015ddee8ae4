"""The topics of a Kafka cluster, as the engine and the REST API ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec, TopicMetadata

from pocket_ksql.kafka import ensure_topic, once_led, wait_for_topic
from pocket_ksql.runner.ordering import PartitionId

_TIMEOUT = 10.0


@dataclass(frozen=True)
class TopicInfo:
    """One topic; ``replicas`` has an entry for each partition."""

    name: str
    replicas: tuple[int, ...]


@dataclass(frozen=True)
class OffsetRange:
    """The first offset in a partition, and the one that its next record gets."""

    start: int
    end: int


class KafkaTopics:
    """`services.Topics` over an admin client."""

    def __init__(self, admin: AdminClient) -> None:
        self._admin = admin

    def partitions(self, name: str) -> int | None:
        info = self._metadata().get(name)
        return len(info.partitions) if info else None

    def replicas(self, name: str) -> int | None:
        info = self._metadata().get(name)
        return len(info.partitions[0].replicas) if info else None

    def create(self, name: str, partitions: int, replicas: int, config: Mapping[str, str]) -> None:
        ensure_topic(self._admin, name, partitions, replicas, config)

    def delete(self, name: str) -> None:
        try:
            self._admin.delete_topics([name])[name].result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                raise
        wait_for_topic(self._admin, name, exists=False)

    def all(self) -> list[TopicInfo]:
        """Every topic, by name."""
        return [
            TopicInfo(name, tuple(len(partition.replicas) for partition in topic.partitions.values()))
            for name, topic in sorted(self._metadata().items())
        ]

    def ranges(self, topics: Iterable[str]) -> dict[PartitionId, OffsetRange]:
        """The offsets that each partition of ``topics`` spans now; topics that do not exist are left out."""
        metadata = self._metadata()
        names = [
            TopicPartition(topic, number)
            for topic in topics
            if topic in metadata
            for number in metadata[topic].partitions
        ]
        if not names:
            return {}
        starts, ends = self._offsets(names, OffsetSpec.earliest()), self._offsets(names, OffsetSpec.latest())
        return {(name.topic, name.partition): OffsetRange(starts[name], ends[name]) for name in names}

    def _offsets(self, names: Sequence[TopicPartition], which: OffsetSpec) -> dict[TopicPartition, int]:
        def ask() -> dict[TopicPartition, int]:
            answers = self._admin.list_offsets(dict.fromkeys(names, which))
            return {name: answer.result().offset for name, answer in answers.items()}

        return once_led(ask, _TIMEOUT)

    def consumers(self) -> dict[str, list[int]]:
        """For each topic that consumer groups read, the number of members that each group reads it with."""
        groups = [group.group_id for group in self._admin.list_consumer_groups().result().valid]
        consumers: dict[str, list[int]] = {}
        if not groups:
            return consumers
        for future in self._admin.describe_consumer_groups(groups).values():
            members = [
                {place.topic for place in member.assignment.topic_partitions} for member in future.result().members
            ]
            for topic in set().union(*members):
                consumers.setdefault(topic, []).append(sum(topic in member for member in members))
        return consumers

    def _metadata(self) -> dict[str, TopicMetadata]:
        # All topics are listed, because asking for one by name may create it.
        topics: dict[str, TopicMetadata] = self._admin.list_topics(timeout=_TIMEOUT).topics
        return topics

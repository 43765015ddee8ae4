"""State stores kept in compacted changelog topics, from which they come back after a restart."""

from __future__ import annotations

from collections.abc import Iterator

from confluent_kafka.admin import AdminClient

from pocket_ksql.kafka import Kafka, ensure_topic, read_to_end
from pocket_ksql.records import Change, Produced
from pocket_ksql.runner.topics import KafkaTopics
from pocket_ksql.settings import Settings

_SUFFIX = "-changelog"


class Changelogs:
    """The changelog topics of one persistent query; one is made when its store changes for the first time."""

    def __init__(self, settings: Settings, query_id: str, admin: AdminClient) -> None:
        self._settings = settings
        self._kafka: Kafka = settings.kafka
        self._query_id = query_id
        self._admin = admin
        self._made: set[str] = set()

    def read(self) -> Iterator[Change]:
        """The last value of every key, deletions among them, store by store."""
        for topic, store in self._existing():
            self._made.add(store)
            for message in read_to_end(self._kafka, topic):
                yield Change(store, message.key() or b"", message.value())

    def record(self, change: Change, timestamp: int) -> Produced:
        """The record that keeps a change."""
        topic = self._settings.changelog(self._query_id, change.store)
        if change.store not in self._made:
            ensure_topic(self._admin, topic, config={"cleanup.policy": "compact"})
            self._made.add(change.store)
        return Produced(topic, change.key, change.value, timestamp)

    def delete(self) -> None:
        """Forget the state of a query that has been terminated."""
        topics = KafkaTopics(self._admin)
        for topic, _ in self._existing():
            topics.delete(topic)

    def _existing(self) -> list[tuple[str, str]]:
        prefix = self._settings.changelog(self._query_id, "").removesuffix(_SUFFIX)
        return [
            (info.name, info.name.removeprefix(prefix).removesuffix(_SUFFIX))
            for info in KafkaTopics(self._admin).all()
            if info.name.startswith(prefix) and info.name.endswith(_SUFFIX)
        ]

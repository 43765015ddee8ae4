"""What all parts that touch Kafka do alike: connect, make topics, read a batch, read a topic to its end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

_CLIENT_PREFIX = "POCKET_KSQL_KAFKA_"
_OFFSET_BEGINNING = -2
_LOOK_EVERY = 0.01
_RECONNECT_AFTER_MS = 20

LOST = (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC, KafkaError._UNKNOWN_PARTITION)
"""What clients say of a topic that is no longer there."""

_WITHOUT_LEADER = (KafkaError.LEADER_NOT_AVAILABLE, KafkaError.NOT_LEADER_FOR_PARTITION)

T = TypeVar("T")


class BrokerUnreachableError(Exception):
    """No broker answered; the message says what to do."""


class TopicLostError(Exception):
    """A topic that is being read is no longer there."""


@dataclass(frozen=True)
class Kafka:
    """One Kafka cluster and the client settings that reaching it takes.

    ``client`` holds further librdkafka settings. Secrets belong in the environment:
    ``POCKET_KSQL_KAFKA_SASL_PASSWORD=…`` becomes ``sasl.password``.
    """

    bootstrap_servers: str = "127.0.0.1:9092"
    client: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def at(cls, bootstrap_servers: str, environ: Mapping[str, str] = os.environ) -> Kafka:
        """The cluster at ``bootstrap_servers`` with the client settings of the environment."""
        return cls(
            bootstrap_servers,
            {
                name.removeprefix(_CLIENT_PREFIX).lower().replace("_", "."): value
                for name, value in environ.items()
                if name.startswith(_CLIENT_PREFIX)
            },
        )

    def settings(self, **settings: Any) -> dict[str, Any]:
        """A librdkafka configuration; underscores in the names of ``settings`` stand for dots."""
        named = {name.replace("_", "."): value for name, value in settings.items()}
        return {
            "bootstrap.servers": self.bootstrap_servers,
            # A broker that is down is an ordinary thing to wait for: not worth a line on stderr at every attempt.
            "log_level": 2,
            # Doubled at every attempt. Half of it also passes between the first connection of a client, by which it
            # gets to know the brokers, and the second, by which it asks them: 50 ms for each client with the default.
            "reconnect.backoff.ms": _RECONNECT_AFTER_MS,
            **self.client,
            **named,
        }

    def admin(self) -> AdminClient:
        """The client that asks about topics and groups, and makes them; one for all who need it."""
        return self._admin

    @cached_property
    def _admin(self) -> AdminClient:
        return AdminClient(self.settings())

    def producer(self, **settings: Any) -> Producer:
        """An idempotent producer that waits for all replicas."""
        return Producer(self.settings(enable_idempotence=True, acks="all", **settings))

    def reader(self, **settings: Any) -> Consumer:
        """A consumer that never commits by itself; without ``group_id`` it belongs to no lasting group."""
        chosen = {
            "group_id": "pocket-ksql-reader",
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
        }
        return Consumer(self.settings(**{**chosen, **settings}))

    def check(self, timeout: float = 5) -> str:
        """The cluster's id. Raises `BrokerUnreachableError` when nobody answers within ``timeout`` seconds."""
        try:
            metadata = self.admin().list_topics(timeout=timeout)
        except KafkaException as error:
            raise BrokerUnreachableError(
                f"No Kafka broker answers at {self.bootstrap_servers} ({error.args[0].str()}). "
                "Start one, or name the right one with --bootstrap-servers HOST:PORT."
            ) from error
        return metadata.cluster_id or ""


def ensure_topic(
    admin: AdminClient,
    name: str,
    partitions: int = 1,
    replicas: int = -1,
    config: Mapping[str, str] | None = None,
) -> bool:
    """Create the topic unless it exists; true if it was created. ``replicas`` -1 is the broker's default."""
    topic = NewTopic(name, num_partitions=partitions, replication_factor=replicas, config=dict(config or {}))
    try:
        admin.create_topics([topic])[name].result()
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise
        return False
    wait_for_topic(admin, name, exists=True)
    return True


def wait_for_topic(admin: AdminClient, name: str, *, exists: bool, timeout: float = 10) -> None:
    """Return when the brokers' metadata says so too: that follows a change within milliseconds, not at once."""
    deadline = time.monotonic() + timeout
    while (name in admin.list_topics(timeout=timeout).topics) != exists:
        if time.monotonic() > deadline:
            raise TopicLostError(f"Topic {name} is not seen to be {'there' if exists else 'gone'}.")
        time.sleep(_LOOK_EVERY)


def read_batch(consumer: Consumer, most: int, wait: float) -> list[Message]:
    """Wait at most ``wait`` seconds for a first message, then take what else is there, up to ``most``.

    ``Consumer.consume(most, wait)`` would wait the whole time for a full batch: latency for nothing.
    """
    first = consumer.poll(wait)
    if first is None:
        return []
    return [first, *consumer.consume(most - 1, 0)] if most > 1 else [first]


def partition_numbers(consumer: Consumer, topic: str) -> list[int]:
    """The partitions of ``topic``; [] if there is no such topic."""
    # Asking for one topic by name may create it (`auto.create.topics.enable`); listing all never does.
    metadata = consumer.list_topics(timeout=10).topics.get(topic)
    return sorted(metadata.partitions) if metadata is not None else []


def edge_offsets(
    consumer: Consumer, partitions: Collection[tuple[str, int]], edge: int, timeout: float
) -> dict[tuple[str, int], int]:
    """For each (topic, number) the first offset (``edge`` is OFFSET_BEGINNING) or the one behind the last (OFFSET_END)
    that may be read now: what an open transaction has written may not.

    The brokers are asked, for up to ``timeout`` seconds while a partition has no leader, as one that has just been
    made. Raises `TopicLostError` and KafkaException.
    """
    # In the place of a time OFFSET_END asks for the end: no other call asks for several partitions at once.
    asked = [TopicPartition(topic, number, edge) for topic, number in partitions]

    def ask() -> list[TopicPartition]:
        found = consumer.offsets_for_times(asked, timeout=timeout)
        for place in found:
            if place.error is not None:
                raise KafkaException(place.error)
        return found

    try:
        found = once_led(ask, timeout)
    except KafkaException as error:
        if error.args[0].code() in LOST:
            raise TopicLostError(f"A topic was deleted while it was being read ({error.args[0].str()}).") from error
        raise
    return {(place.topic, place.partition): place.offset for place in found}


def once_led(ask: Callable[[], T], timeout: float) -> T:
    """What ``ask`` gives once it no longer fails because a partition that has just been made has no leader yet.

    Raises what it raises otherwise, and KafkaException after ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            return ask()
        except KafkaException as error:
            if error.args[0].code() not in _WITHOUT_LEADER or time.monotonic() > deadline:
                raise
        time.sleep(_LOOK_EVERY)


def read_to_end(kafka: Kafka, topic: str) -> Iterator[Message]:
    """Every message that ``topic`` holds now, each partition in order; nothing if there is no such topic."""
    # The event for the end comes with the answer to a fetch that finds nothing, for which the broker takes its time:
    # half a second by default.
    consumer = kafka.reader(enable_partition_eof=True, fetch_wait_max_ms=5)
    try:
        remaining = set(partition_numbers(consumer, topic))
        consumer.assign([TopicPartition(topic, number, _OFFSET_BEGINNING) for number in remaining])
        while remaining:
            for message in read_batch(consumer, 1000, 1.0):
                error = message.error()
                if error is None:
                    yield message
                elif error.code() == KafkaError._PARTITION_EOF:
                    remaining.discard(message.partition())
                elif error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                    raise TopicLostError(f"Topic {topic} was deleted while it was being read.")
                elif error.fatal():
                    raise KafkaException(error)
    finally:
        consumer.close()


class TopicLog:
    """A topic of one partition used as a durable log: read it all, append, and wait until it is kept."""

    def __init__(self, kafka: Kafka, topic: str, config: Mapping[str, str]) -> None:
        self._kafka = kafka
        self._config = config
        self.topic = topic
        self._producer = kafka.producer(linger_ms=0)

    def read(self) -> Iterator[tuple[bytes | None, bytes | None]]:
        """All (key, value) pairs; makes the topic when it is not there yet."""
        if self.make():
            return
        for message in read_to_end(self._kafka, self.topic):
            yield message.key(), message.value()

    def make(self) -> bool:
        """Make the topic when it is not there yet; whether it was."""
        return ensure_topic(self._kafka.admin(), self.topic, config=self._config)

    def append(self, key: bytes, value: bytes | None) -> int:
        """Returns the record's offset once every replica has it. Raises KafkaException if it was not delivered."""
        failures: list[KafkaError] = []
        offsets: list[int | None] = []

        def delivered(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                failures.append(error)
            else:
                offsets.append(message.offset())

        self._producer.produce(self.topic, key=key, value=value, on_delivery=delivered)
        self._producer.flush()
        if failures:
            raise KafkaException(failures[0])
        return offsets[0] or 0

"""A look into topics: how many records they hold, and the last of them, decoded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient, SchemaRegistryError
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import SerializationError

from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import headers_as_text, read_batch, record_count
from workshop.errors import WorkshopError

_MAGIC_BYTE = b"\x00"
_WINDOW_BYTES = 8
_INTERNAL = ("_", "default_ksql")


class NoSuchTopicError(WorkshopError):
    """The topic is not on the broker."""


@dataclass(frozen=True)
class TopicSummary:
    name: str
    partitions: int
    records: int


@dataclass(frozen=True)
class Decoded:
    """One record, ready to be read. ``format`` is AVRO, JSON or DELIMITED; ``value`` is as that format has it."""

    topic: str
    partition: int
    offset: int
    time: str
    key: str | None
    format: str
    value: Any
    headers: dict[str, str]


def summarise(connection: Connection, internal: bool = False) -> list[TopicSummary]:
    """Every topic, by name; the ones that Kafka, Connect and KSQL keep for themselves only with ``internal``."""
    consumer = _consumer(connection)
    try:
        topics = consumer.list_topics(timeout=10).topics
        return [
            TopicSummary(name, len(topics[name].partitions), record_count(consumer, name))
            for name in sorted(topics)
            if internal or not name.startswith(_INTERNAL)
        ]
    finally:
        consumer.close()


def tail(connection: Connection, topic: str, last: int, follow: bool = False) -> Iterator[Decoded]:
    """The last ``last`` records of ``topic`` in the order of their timestamps, then, with ``follow``, what comes.

    Raises:
        NoSuchTopicError: there is no such topic.
    """
    consumer = _consumer(connection)
    decoder = Decoder(connection.registry_url)
    try:
        known = consumer.list_topics(timeout=10).topics
        if topic not in known:
            close = ", ".join(name for name in sorted(known) if not name.startswith(_INTERNAL))
            raise NoSuchTopicError(f"There is no topic {topic}.", hint=f"Topics here: {close or 'none yet'}")
        partitions = [TopicPartition(topic, number) for number in known[topic].partitions]
        ends = {part.partition: consumer.get_watermark_offsets(part, timeout=10) for part in partitions}
        for part in partitions:
            low, high = ends[part.partition]
            part.offset = max(low, high - last)
        consumer.assign(partitions)
        backlog = _read_to(consumer, {number: high for number, (low, high) in ends.items() if high > low})
        backlog.sort(key=lambda message: message.timestamp()[1])
        yield from map(decoder.decode, backlog[-last:] if last else [])
        while follow:
            yield from map(decoder.decode, _sound(read_batch(consumer, 500, wait=0.5)))
    finally:
        consumer.close()


class Decoder:
    """Reads values of any of the pipeline's formats; schemas come from the registry once each."""

    def __init__(self, registry_url: str) -> None:
        self._avro = AvroDeserializer(SchemaRegistryClient({"url": registry_url}))

    def decode(self, message: Message) -> Decoded:
        shown, value = self._value(message.value())
        stamp = message.timestamp()[1]
        return Decoded(
            topic=message.topic() or "",
            partition=message.partition() or 0,
            offset=message.offset() or 0,
            time=_utc(stamp),
            key=_key(message.key()),
            format=shown,
            value=value,
            headers=headers_as_text(message),
        )

    def _value(self, raw: bytes | None) -> tuple[str, Any]:
        if raw is None:
            return "TOMBSTONE", None
        if raw.startswith(_MAGIC_BYTE):
            try:
                return "AVRO", self._avro(raw, None)
            except (SerializationError, SchemaRegistryError, ValueError, EOFError):
                return "BYTES", raw.hex()
        text = raw.decode("utf-8", "backslashreplace")
        if text[:1] in "{[":
            try:
                return "JSON", json.loads(text)
            except ValueError:
                pass
        return "DELIMITED", text


def _key(raw: bytes | None) -> str | None:
    """A key as text; of a windowed key (text, then the window's start in 8 bytes) also the window."""
    if raw is None:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    text, start = raw[:-_WINDOW_BYTES], int.from_bytes(raw[-_WINDOW_BYTES:], "big")
    try:
        return f"{text.decode()} @ {_utc(start)}"
    except (UnicodeDecodeError, OverflowError, ValueError, OSError):
        return raw.hex()


def _utc(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _consumer(connection: Connection) -> Consumer:
    """A consumer that belongs to no group as far as the broker knows: it never commits."""
    return Consumer(
        connection.kafka(group_id="workshop-look", enable_auto_commit=False, isolation_level="read_committed")
    )


def _read_to(consumer: Consumer, ends: dict[int, int]) -> list[Message]:
    """Read until every partition has reached its end offset; transaction markers count, so positions are asked."""
    messages: list[Message] = []
    while ends:
        messages += _sound(read_batch(consumer, 500, wait=0.1))
        for part in consumer.position(consumer.assignment()):
            if part.partition in ends and part.offset >= ends[part.partition]:
                del ends[part.partition]
    return messages


def _sound(messages: list[Message]) -> list[Message]:
    for message in messages:
        if message.error():
            raise KafkaException(message.error())
    return messages

"""A look into topics: how many records they hold, and the last of them, decoded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient, SchemaRegistryError
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import SerializationError

from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import end_offsets, headers_as_text, read_batch, record_count
from fraud_pipeline.snapshot import NoSuchTopicError, read_to_end
from workshop.errors import WorkshopError

_MAGIC_BYTE = b"\x00"
_WINDOW_BYTES = 8
_INTERNAL = ("_", "default_ksql")


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
    with closing(_consumer(connection)) as consumer:
        topics = consumer.list_topics(timeout=10).topics
        return [
            TopicSummary(name, len(topics[name].partitions), record_count(consumer, name))
            for name in sorted(topics)
            if internal or not name.startswith(_INTERNAL)
        ]


def tail(connection: Connection, topic: str, last: int, follow: bool = False) -> Iterator[Decoded]:
    """The last ``last`` records of ``topic`` in the order of their timestamps, then, with ``follow``, what comes.

    Raises:
        WorkshopError: there is no such topic.
    """
    decoder = Decoder(connection.registry_url)
    try:
        backlog = [message for batch in read_to_end(connection, topic, last=last, patience=1) for message in batch]
    except NoSuchTopicError as error:
        here = ", ".join(summary.name for summary in summarise(connection)) or "none yet"
        raise WorkshopError(str(error), hint=f"Topics here: {here}") from error
    backlog.sort(key=lambda message: message.timestamp()[1])
    yield from map(decoder.decode, backlog[-last:] if last else [])
    if follow:
        yield from map(decoder.decode, _new_records(connection, topic, backlog))


def _new_records(connection: Connection, topic: str, known: Iterable[Message]) -> Iterator[Message]:
    """What is written to ``topic`` after the records that are ``known``, for ever."""
    with closing(_consumer(connection)) as consumer:
        places = {partition: high for partition, (_, high) in end_offsets(consumer, topic).items()}
        places |= {message.partition() or 0: (message.offset() or 0) + 1 for message in known}
        consumer.assign([TopicPartition(topic, partition, offset) for partition, offset in places.items()])
        while True:
            for message in read_batch(consumer, 500, wait=0.5):
                if message.error():
                    raise KafkaException(message.error())
                yield message


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

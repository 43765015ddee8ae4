"""A topic as it is now: read from its beginning to the end that it has at the call; no offset is committed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from fraud_pipeline.connection import Connection
from fraud_pipeline.errors import PipelineError
from fraud_pipeline.kafka import READ_TO_END, await_transactions, end_offsets, read_batch

_SILENCE = 30.0


class TopicReadError(PipelineError):
    """A topic cannot be read to its end."""


class NoSuchTopicError(TopicReadError):
    """The topic does not exist: nothing has written to it yet, or its name is another."""


def read_to_end(
    connection: Connection, topic: str, most: int = 10_000, last: int | None = None, patience: float = 10
) -> Iterator[list[Message]]:
    """Yield the committed records that ``topic`` holds now, in batches of at most ``most``.

    Partitions come interleaved, each in its order. ``last`` skips all but the last records of each partition. No
    offset is committed: reading again gives the same records again. For at most ``patience`` seconds this waits for
    the end of transactions that have written already: a broker ends one a moment after the producer has been told so.
    Raises :class:`NoSuchTopicError` and :class:`TopicReadError`.
    """
    settings = connection.kafka(
        group_id=f"snapshot-{uuid.uuid4()}",  # the client wants one; partitions are assigned by hand
        enable_auto_commit=False,
        enable_partition_eof=True,
        isolation_level="read_committed",
        **READ_TO_END,
    )
    with closing(Consumer(settings)) as consumer:
        try:
            await_transactions(connection, topic, patience)
            ends = end_offsets(consumer, topic)
        except KafkaException as error:
            raise TopicReadError(f"Kafka does not answer: {error.args[0].str()}. Is it running?") from error
        if not ends:
            raise NoSuchTopicError(f"There is no topic {topic}.")
        consumer.assign(
            [
                TopicPartition(topic, partition, low if last is None else max(low, high - last))
                for partition, (low, high) in ends.items()
            ]
        )
        yield from _batches(consumer, topic, {partition: high for partition, (_, high) in ends.items()}, most)


def _batches(consumer: Consumer, topic: str, ends: dict[int, int], most: int) -> Iterator[list[Message]]:
    unfinished = set(ends)
    while unfinished:
        batch = read_batch(consumer, most, _SILENCE)
        if not batch:
            raise TopicReadError(f"Kafka has given nothing of {topic} for {_SILENCE:.0f} s. Is it running?")
        wanted = []
        for message in batch:
            partition, offset, error = message.partition() or 0, message.offset() or 0, message.error()
            if error is None and offset < ends[partition]:
                wanted.append(message)
            elif error is not None and error.code() != KafkaError._PARTITION_EOF:
                raise TopicReadError(f"{topic} cannot be read: {error.str()}")
            # At the end, by what the broker says or by what was written after the call.
            if error is not None or offset + 1 >= ends[partition]:
                unfinished.discard(partition)
        if wanted:
            yield wanted

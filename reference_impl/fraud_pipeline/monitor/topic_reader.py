"""Reads a topic from its beginning to what is its end now, once, without a consumer group's memory."""

from __future__ import annotations

from collections.abc import Iterator

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from fraud_pipeline.connection import Connection
from fraud_pipeline.errors import PipelineError

_PATIENCE = 30.0


class MonitorError(PipelineError):
    """Something that is to be monitored cannot be read; the message says what."""


class NoSuchTopicError(MonitorError):
    """The topic does not exist: nothing has written to it yet, or its name is another."""


def read_to_end(connection: Connection, topic: str) -> Iterator[Message]:
    """The committed records of ``topic``, partition by partition in no particular order among them.

    Raises :class:`NoSuchTopicError`, and :class:`MonitorError` when the broker stops answering.
    """
    consumer = Consumer(
        connection.kafka(
            group_id="fraud-monitor",  # the client wants one; nothing is committed to it
            enable_auto_commit=False,
            isolation_level="read_committed",
            enable_partition_eof=True,
        )
    )
    try:
        partitions = consumer.list_topics(topic, timeout=_PATIENCE).topics[topic].partitions
        if not partitions:
            raise NoSuchTopicError(f"there is no topic {topic}")
        consumer.assign([TopicPartition(topic, partition, 0) for partition in partitions])
        unfinished = set(partitions)
        while unfinished:
            messages = consumer.consume(10_000, 0.5) or consumer.consume(1, _PATIENCE)
            if not messages:
                raise MonitorError(f"no answer about {topic} for {_PATIENCE:.0f} s")
            for message in messages:
                error = message.error()
                if error is None:
                    yield message
                elif error.code() == KafkaError._PARTITION_EOF:
                    unfinished.discard(message.partition() or 0)
                else:
                    raise MonitorError(f"reading {topic}: {error.str()}")
    except KafkaException as error:
        raise MonitorError(f"reading {topic}: {error.args[0].str()}") from error
    finally:
        consumer.close()

"""Reading a topic to its end, for tests that look at what is on it."""

from __future__ import annotations

from confluent_kafka import Consumer, Message, TopicPartition

from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import end_offsets


def records(connection: Connection, topic: str) -> list[Message]:
    """All records on a topic, read by offsets: partition by partition up to the end as it is now."""
    consumer = Consumer(connection.kafka(group_id="unused", enable_auto_commit=False))
    found: list[Message] = []
    try:
        for partition, (_, end) in end_offsets(consumer, topic).items():
            consumer.assign([TopicPartition(topic, partition, 0)])
            position = 0
            while position < end:
                message = consumer.poll(60)
                assert message is not None
                assert message.error() is None
                found.append(message)
                position = message.offset() + 1
    finally:
        consumer.close()
    return found

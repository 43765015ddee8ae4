# mistake: writes, and commits afterwards, without a transaction
# points: 0.65 of 5
# message: All results belong on their topics
from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from fraud_pipeline.deploy import Incoming, Outgoing


def next_offsets(topic: str, batch: Sequence[Incoming]) -> list[TopicPartition]:
    """For each partition in `batch` the offset after its last record."""
    last = {record.partition: record.offset for record in batch}
    return [TopicPartition(topic, partition, offset + 1) for partition, offset in last.items()]


def deliver(
    producer: Producer, consumer: Consumer, records: Sequence[Outgoing], offsets: list[TopicPartition]
) -> None:
    """Send `records` and `offsets` in one transaction, or nothing at all."""
    for record in records:
        producer.produce(
            record.topic, record.value, record.key, timestamp=record.timestamp, headers=record.headers
        )
    producer.flush()
    consumer.commit(offsets=offsets, asynchronous=False)

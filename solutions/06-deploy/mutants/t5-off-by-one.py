# mistake: commits the offset of the last record, not of the next
# points: 1.45 of 5
# message: The next records to read come after these
from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from fraud_pipeline.deploy import Incoming, Outgoing


def next_offsets(topic: str, batch: Sequence[Incoming]) -> list[TopicPartition]:
    """For each partition in `batch` the offset after its last record."""
    last = {record.partition: record.offset for record in batch}
    return [TopicPartition(topic, partition, offset) for partition, offset in last.items()]


def deliver(
    producer: Producer, consumer: Consumer, records: Sequence[Outgoing], offsets: list[TopicPartition]
) -> None:
    """Send `records` and `offsets` in one transaction, or nothing at all."""
    try:
        producer.begin_transaction()
        producer.send_offsets_to_transaction(offsets, consumer.consumer_group_metadata())
        for record in records:
            producer.produce(
                record.topic, record.value, record.key, timestamp=record.timestamp, headers=record.headers
            )
        producer.commit_transaction()
    except KafkaException:
        producer.abort_transaction()
        raise

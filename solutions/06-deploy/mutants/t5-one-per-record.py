# mistake: has a transaction for each record
# points: 2.1 of 5
# message: 23 payments in micro-batches of 5 are five transactions
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
    try:
        for record in records:
            producer.begin_transaction()
            if record is records[-1]:
                producer.send_offsets_to_transaction(offsets, consumer.consumer_group_metadata())
            producer.produce(
                record.topic, record.value, record.key, timestamp=record.timestamp, headers=record.headers
            )
            producer.commit_transaction()
    except KafkaException:
        producer.abort_transaction()
        raise

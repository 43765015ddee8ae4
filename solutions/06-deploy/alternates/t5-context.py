# way: a context manager that ends the transaction
from contextlib import contextmanager

from confluent_kafka import KafkaException, TopicPartition


def next_offsets(topic, batch):
    partitions = {record.partition for record in batch}
    return [
        TopicPartition(topic, partition, 1 + max(one.offset for one in batch if one.partition == partition))
        for partition in partitions
    ]


@contextmanager
def transaction(producer):
    producer.begin_transaction()
    try:
        yield
    except BaseException:
        producer.abort_transaction()
        raise
    try:
        producer.commit_transaction()
    except KafkaException:
        producer.abort_transaction()
        raise


def deliver(producer, consumer, records, offsets):
    group = consumer.consumer_group_metadata()
    with transaction(producer):
        producer.send_offsets_to_transaction(offsets, group)
        for record in records:
            rest = {"timestamp": record.timestamp, "headers": record.headers} if record.headers else {}
            producer.produce(record.topic, record.value, record.key, **{"timestamp": record.timestamp, **rest})

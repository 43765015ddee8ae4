# way: a flag in finally
from itertools import groupby
from operator import attrgetter

from confluent_kafka import TopicPartition


def next_offsets(topic, batch):
    by = attrgetter("partition")
    return [TopicPartition(topic, p, 1 + max(one.offset for one in group)) for p, group in groupby(sorted(batch, key=by), by)]


def deliver(producer, consumer, records, offsets):
    done = False
    producer.begin_transaction()
    try:
        for topic, key, value, timestamp, headers in records:
            producer.produce(topic=topic, key=key, value=value, timestamp=timestamp, headers=list(headers))
            producer.poll(0)
        producer.flush()
        producer.send_offsets_to_transaction(offsets, consumer.consumer_group_metadata())
        producer.commit_transaction()
        done = True
    finally:
        if not done:
            producer.abort_transaction()

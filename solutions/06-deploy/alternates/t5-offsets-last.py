# way: records first, offsets last; aborts on any error
from confluent_kafka import TopicPartition


def next_offsets(topic, batch):
    ends = {}
    for record in batch:
        ends[record.partition] = max(ends.get(record.partition, 0), record.offset + 1)
    return [TopicPartition(topic, partition, ends[partition]) for partition in sorted(ends)]


def deliver(producer, consumer, records, offsets):
    producer.begin_transaction()
    try:
        for topic, key, value, timestamp, headers in records:
            producer.produce(topic, value=value, key=key, timestamp=timestamp, headers=headers)
            producer.poll(0)
        producer.flush()
        producer.send_offsets_to_transaction(offsets, consumer.consumer_group_metadata(), 30)
        producer.commit_transaction(30)
    except Exception as error:
        producer.abort_transaction(30)
        raise RuntimeError("the batch was not delivered") from error

# way: compares positions with the ends of the partitions; commits all offsets at the end of the loop
from confluent_kafka import Consumer, KafkaException, TopicPartition


def consume(connection, topic, group):
    consumer = Consumer(connection.kafka(group_id=group, enable_auto_commit=False))
    places = [TopicPartition(topic, number) for number in consumer.list_topics(topic).topics[topic].partitions]
    ends = {place.partition: consumer.get_watermark_offsets(place)[1] for place in places}
    start = {place.partition: max(place.offset, 0) for place in consumer.committed(places)}
    consumer.assign([TopicPartition(topic, number, offset) for number, offset in start.items()])
    handled = {}
    try:
        left = sum(ends[number] - start[number] for number in ends)
        while left > 0:
            for message in consumer.consume(100, 0.5):
                if message.error():
                    raise KafkaException(message.error())
                left -= 1
                yield parse_line(message.value())
                handled[message.partition()] = message.offset() + 1
    finally:
        if handled:
            consumer.commit(
                offsets=[TopicPartition(topic, number, offset) for number, offset in handled.items()],
                asynchronous=False,
            )
        consumer.close()

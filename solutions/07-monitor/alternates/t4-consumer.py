# way: asks as a consumer of the group
from contextlib import closing

from confluent_kafka import Consumer, TopicPartition


def consumer_lag(connection, group):
    settings = connection.kafka(group_id=group, isolation_level="read_committed", enable_auto_commit=False)
    with closing(Consumer(settings)) as consumer:
        topics = consumer.list_topics(timeout=10).topics
        asked = [TopicPartition(name, number) for name, topic in topics.items() for number in topic.partitions]
        rows = []
        for place in consumer.committed(asked, timeout=10):
            if place.offset < 0:
                continue
            _, end = consumer.get_watermark_offsets(place, timeout=10)
            rows.append((place.topic, place.partition, place.offset, end, end - place.offset))
    return [dict(zip(("topic", "partition", "committed", "end", "lag"), row, strict=True)) for row in sorted(rows)]

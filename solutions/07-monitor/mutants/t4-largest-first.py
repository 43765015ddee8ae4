# mistake: sorted by lag
# points: 2 of 4
# message: sorted by topic and partition
from confluent_kafka import ConsumerGroupTopicPartitions, IsolationLevel
from confluent_kafka.admin import AdminClient, OffsetSpec

from fraud_pipeline.connection import Connection


def consumer_lag(connection: Connection, group: str) -> list[dict[str, str | int]]:
    """The lag of `group` in every partition in which it has committed an offset."""
    admin = AdminClient(connection.kafka())
    [answer] = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)]).values()
    places = sorted(answer.result().topic_partitions, key=lambda place: (place.topic, place.partition))
    latest = dict.fromkeys(places, OffsetSpec.latest())
    ends = admin.list_offsets(latest, isolation_level=IsolationLevel.READ_COMMITTED)
    end_of = {place: future.result().offset for place, future in ends.items()}
    rows = [
        {
            "topic": place.topic,
            "partition": place.partition,
            "committed": place.offset,
            "end": end_of[place],
            "lag": end_of[place] - place.offset,
        }
        for place in places
    ]
    return sorted(rows, key=lambda row: -row["lag"])

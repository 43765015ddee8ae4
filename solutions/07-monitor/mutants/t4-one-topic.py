# mistake: only the first topic of the group
# points: 3 of 4
# message: Every partition of every topic
from confluent_kafka import ConsumerGroupTopicPartitions, IsolationLevel
from confluent_kafka.admin import AdminClient, OffsetSpec

from fraud_pipeline.connection import Connection


def consumer_lag(connection: Connection, group: str) -> list[dict[str, str | int]]:
    """The lag of `group` in every partition in which it has committed an offset."""
    admin = AdminClient(connection.kafka())
    [answer] = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)]).values()
    places = sorted(answer.result().topic_partitions, key=lambda place: (place.topic, place.partition))
    places = [place for place in places if place.topic == places[0].topic]
    latest = dict.fromkeys(places, OffsetSpec.latest())
    ends = admin.list_offsets(latest, isolation_level=IsolationLevel.READ_COMMITTED)
    end_of = {place: future.result().offset for place, future in ends.items()}
    return [
        {
            "topic": place.topic,
            "partition": place.partition,
            "committed": place.offset,
            "end": end_of[place],
            "lag": end_of[place] - place.offset,
        }
        for place in places
    ]

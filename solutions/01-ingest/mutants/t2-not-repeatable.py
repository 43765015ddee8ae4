# mistake: raises when the topic exists
# points: 1.71 of 3
# message: TOPIC_ALREADY_EXISTS must not be raised
from collections.abc import Mapping

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, NewTopic

from fraud_pipeline.connection import Connection


def ensure_topics(connection: Connection, partitions: Mapping[str, int]) -> None:
    """Create each topic of ``partitions`` (name → number of partitions) that does not exist yet."""
    admin = AdminClient(connection.kafka())
    topics = [NewTopic(name, num_partitions=count, config={"retention.ms": "-1"}) for name, count in partitions.items()]
    for future in admin.create_topics(topics).values():
        future.result()

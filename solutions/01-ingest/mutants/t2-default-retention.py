# mistake: leaves the retention at seven days
# points: 2.57 of 3
# message: retention.ms is not -1 on the topic
from collections.abc import Mapping

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, NewTopic

from fraud_pipeline.connection import Connection


def ensure_topics(connection: Connection, partitions: Mapping[str, int]) -> None:
    """Create each topic of ``partitions`` (name → number of partitions) that does not exist yet."""
    admin = AdminClient(connection.kafka())
    topics = [NewTopic(name, num_partitions=count) for name, count in partitions.items()]
    for future in admin.create_topics(topics).values():
        try:
            future.result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise

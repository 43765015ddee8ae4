# way: one request a topic, the errors compared by name
import confluent_kafka
from confluent_kafka.admin import AdminClient, NewTopic

from fraud_pipeline.connection import Connection


def ensure_topics(connection: Connection, partitions) -> None:
    admin = AdminClient(connection.kafka())
    for name in partitions:
        topic = NewTopic(name, partitions[name], 1, config={"retention.ms": -1})
        try:
            admin.create_topics([topic])[name].result(timeout=30)
        except confluent_kafka.KafkaException as problem:
            if problem.args[0].name() == "TOPIC_ALREADY_EXISTS":
                continue
            raise problem

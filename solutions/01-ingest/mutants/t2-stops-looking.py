# mistake: looks at no outcome after the first topic that exists
# points: 2.57 of 3
# message: The first topic existed, the second cannot be created
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, NewTopic


def ensure_topics(connection, partitions):
    admin = AdminClient(connection.kafka())
    topics = [NewTopic(name, num_partitions=count, config={"retention.ms": "-1"}) for name, count in partitions.items()]
    try:
        for future in admin.create_topics(topics).values():
            future.result()
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise

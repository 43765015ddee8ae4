# mistake: gives a topic that exists its own settings
# points: 2.57 of 3
# message: leaves topics alone that exist
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic, ResourceType


def ensure_topics(connection, partitions):
    admin = AdminClient(connection.kafka())
    topics = [NewTopic(name, num_partitions=count) for name, count in partitions.items()]
    for future in admin.create_topics(topics).values():
        try:
            future.result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
    for name in partitions:
        entry = ConfigEntry("retention.ms", "-1", incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ResourceType.TOPIC, name, incremental_configs=[entry])
        admin.incremental_alter_configs([resource])[resource].result()

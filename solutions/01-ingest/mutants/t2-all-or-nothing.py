# mistake: creates nothing when one of the topics exists
# points: 2.14 of 3
# message: Look at each future
from confluent_kafka.admin import AdminClient, NewTopic

from fraud_pipeline.connection import Connection


def ensure_topics(connection: Connection, partitions) -> None:
    admin = AdminClient(connection.kafka())
    known = admin.list_topics(timeout=10).topics
    if any(name in known for name in partitions):
        return
    new = [NewTopic(name, num_partitions=count, config={"retention.ms": "-1"}) for name, count in partitions.items()]
    for future in admin.create_topics(new).values():
        future.result()

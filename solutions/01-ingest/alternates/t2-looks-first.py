# way: asks which topics there are, then creates the rest
from confluent_kafka.admin import AdminClient, NewTopic

from fraud_pipeline.connection import Connection


def ensure_topics(connection: Connection, partitions) -> None:
    admin = AdminClient(connection.kafka())
    known = admin.list_topics(timeout=10).topics
    missing = {name: count for name, count in partitions.items() if name not in known}
    if not missing:
        return
    for future in admin.create_topics(
        [NewTopic(name, num_partitions=count, replication_factor=1, config={"retention.ms": "-1"})
         for name, count in missing.items()]
    ).values():
        future.result()

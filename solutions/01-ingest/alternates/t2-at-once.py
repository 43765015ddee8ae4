# way: waits for all outcomes, then raises the first that matters
from concurrent.futures import wait

from confluent_kafka import KafkaError
from confluent_kafka.admin import AdminClient, NewTopic


def ensure_topics(connection, partitions):
    admin = AdminClient({"bootstrap.servers": connection.bootstrap_servers})
    topics = [
        NewTopic(topic=name, num_partitions=partitions[name], replication_factor=1, config={"retention.ms": "-1"})
        for name in sorted(partitions)
    ]
    futures = admin.create_topics(topics, operation_timeout=20.0)
    wait(futures.values())
    problems = [future.exception() for future in futures.values() if future.exception() is not None]
    others = [one for one in problems if one.args[0].name() != KafkaError(KafkaError.TOPIC_ALREADY_EXISTS).name()]
    if others:
        raise others[0]

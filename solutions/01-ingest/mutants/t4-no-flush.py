# mistake: sends without flush
# points: at most 3.6 of 4
# message: Did you wait for the outcomes (flush) before returning?
from collections.abc import Sequence

from confluent_kafka import Producer

from fraud_pipeline.connection import Connection


def producer_settings(connection: Connection) -> dict[str, object]:
    """Settings of an idempotent producer that chooses partitions as Java clients do."""
    return connection.kafka(enable_idempotence=True, partitioner="murmur2_random")


def produce_payments(connection: Connection, topic: str, lines: Sequence[bytes]) -> int:
    """Send ``lines`` to ``topic``, keyed by user; how many the broker has acknowledged."""
    acknowledged = 0

    def count(error, message):
        nonlocal acknowledged
        if error is None:
            acknowledged += 1

    producer = Producer(producer_settings(connection))
    for line in lines:
        payment = parse_line(line)
        instant = int(payment["Timestamp"].timestamp() * 1000)
        producer.produce(topic, line, payment["User"], timestamp=instant, on_delivery=count)
        producer.poll(0)
    return acknowledged

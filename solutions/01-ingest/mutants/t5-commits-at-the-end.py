# mistake: commits only when the topic has been read to its end
# points: 1.82 of 4
# message: handled payments were not committed
from collections.abc import Iterator

from confluent_kafka import Consumer, KafkaError, KafkaException

from fraud_pipeline.connection import Connection


def consume(connection: Connection, topic: str, group: str) -> Iterator[dict[str, object]]:
    """Yield the payments on ``topic`` up to its end; each is committed once the caller comes back for the next."""
    consumer = Consumer(
        connection.kafka(
            group_id=group,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            enable_partition_eof=True,
        )
    )
    consumer.subscribe([topic])
    at_end = set()
    try:
        while not at_end or len(at_end) < len(consumer.assignment()):
            message = consumer.poll(1.0)
            if message is None:
                continue
            if message.error():
                if message.error().code() != KafkaError._PARTITION_EOF:
                    raise KafkaException(message.error())
                at_end.add(message.partition())
                continue
            yield parse_line(message.value())
        consumer.commit(asynchronous=False)
    finally:
        consumer.close()  # commits what was stored

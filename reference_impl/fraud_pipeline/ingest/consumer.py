"""Payments out of Kafka again, as dictionaries, each committed only once it has been handled."""

from __future__ import annotations

from collections.abc import Iterator

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer

from fraud_pipeline import topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import dead_letter_headers, read_batch
from fraud_pipeline.transactions.delimited import Value, parse_line
from fraud_pipeline.transactions.source import RowError

_BATCH = 500


def consume(
    connection: Connection,
    topic: str = topics.SOURCE,
    group: str = "payments-reader",
    *,
    follow: bool = True,
) -> Iterator[dict[str, Value]]:
    """Yield the payments on ``topic`` as dictionaries of typed values by column name, each partition in order.

    Coming back for the next payment says that the last one has been handled: only then is its offset up for
    commit. Whoever leaves the loop early, by ``break`` or by an error, gets that last payment again next time.
    Records that hold no payment go to the dead-letter topic.

    ``follow=False`` ends at the end of the topic; otherwise the generator waits for more, and ``close()`` (or
    leaving the loop) ends it. Raises ``KafkaException`` when the topic cannot be read.
    """
    consumer = Consumer(
        connection.kafka(
            group_id=group,
            auto_offset_reset="earliest",
            enable_auto_offset_store=False,  # committed in the background is what `store_offsets` has marked
            enable_partition_eof=not follow,
        )
    )
    rejects = _DeadLetters(connection, topic)
    at_end: set[int | None] = set()
    consumer.subscribe([topic])
    try:
        while not at_end or len(at_end) < len(consumer.assignment()):
            for message in read_batch(consumer, _BATCH, wait=1.0):
                if _is_end(message):
                    at_end.add(message.partition())
                    continue
                at_end.discard(message.partition())
                try:
                    payment = parse_line(message.value() or b"")
                except RowError as error:
                    rejects.write(message, str(error))
                else:
                    yield payment
                consumer.store_offsets(message)
    finally:
        consumer.close()  # commits what was stored


def _is_end(message: Message) -> bool:
    """Is this no record but the news that a partition has been read to its end? Raises for any other news."""
    error = message.error()
    if error is None:
        return False
    if error.code() == KafkaError._PARTITION_EOF:
        return True
    raise KafkaException(error)


class _DeadLetters:
    """Where unreadable records go. The producer is made for the first one: mostly there is none."""

    def __init__(self, connection: Connection, topic: str) -> None:
        self._connection, self._topic = connection, topics.dead_letters(topic)
        self._producer: Producer | None = None

    def write(self, message: Message, reason: str) -> None:
        """Write one, and wait until the broker has it: the record's offset will be committed after this."""
        self._producer = self._producer or Producer(self._connection.kafka(enable_idempotence=True))
        refusals: list[KafkaError] = []
        self._producer.produce(
            self._topic,
            message.value(),
            message.key(),
            headers=[
                *dead_letter_headers(
                    reason, topic=message.topic(), partition=message.partition(), offset=message.offset()
                )
            ],
            on_delivery=lambda error, _message: refusals.append(error) if error else None,
        )
        self._producer.flush()
        if refusals:
            raise KafkaException(refusals[0])

"""Producing: what a query, or an INSERT, writes, and the certainty that it has arrived."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Message

from pocket_ksql.kafka import Kafka
from pocket_ksql.records import Produced

_ANY = -1
"""librdkafka's number for 'let the partitioner choose'."""

_EARLIEST = 1
"""The time in milliseconds of a record of time 0, in whose place librdkafka would write the time now."""

_FULL_QUEUE_WAIT = 0.1


class Output:
    """A producer that partitions keys as Kafka's Java clients do, and remembers what could not be delivered."""

    def __init__(self, kafka: Kafka, **settings: Any) -> None:
        self.producer = kafka.producer(
            linger_ms=3,
            partitioner="murmur2_random",
            # A call into Python for each delivered record would cost more than producing it.
            delivery_report_only_error=True,
            **settings,
        )
        self._failure: KafkaError | None = None

    def send(self, records: Iterable[Produced]) -> int:
        """Hand records over without waiting for the broker, except when it is far behind; returns their count."""
        produce, delivered = self.producer.produce, self._delivered
        count = 0
        for topic, key, value, timestamp, headers, partition in records:
            place = _ANY if partition is None else partition
            while True:
                try:
                    # By position, which takes a third less time; the None is for a second name of the callback.
                    time = timestamp or _EARLIEST
                    produce(topic, value, key, place, delivered, None, time, list(headers) if headers else None)
                except BufferError:
                    self.producer.poll(_FULL_QUEUE_WAIT)
                else:
                    break
            count += 1
        self.producer.poll(0)
        return count

    def _delivered(self, error: KafkaError | None, _: Message) -> None:
        if error is not None:
            self._failure = error

    def flush(self) -> None:
        """Wait until all is delivered. Raises KafkaException if anything, now or before, was not."""
        self.producer.flush()
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise KafkaException(failure)

"""Reads micro-batches as a member of a consumer group, and goes back when one could not be delivered."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from fraud_pipeline.deploy.delivery import explain
from fraud_pipeline.deploy.records import Incoming
from fraud_pipeline.errors import PipelineError
from fraud_pipeline.kafka import end_offsets

log = logging.getLogger(__name__)

_PACE = 0.006
"""Seconds from one look to the next: a transaction for a few payments costs nearly as much as one for many."""

_HOPELESS = (
    KafkaError._FATAL,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
)


class ReadError(PipelineError):
    """The input cannot be read; the message says why."""


class BatchReader:
    """Micro-batches of ``topic``, read with a consumer that it does not close.

    The scorer finishes one batch before it asks for the next. So when the group takes a partition away, which
    happens inside a call here, nothing of it is half done. One case is left: a rebalance between the first
    payment of a batch and the rest. :meth:`read` then drops the payment that is no longer this member's.
    """

    def __init__(self, consumer: Consumer, topic: str, stop_at_end: bool = False) -> None:
        self._consumer = consumer
        self._topic = topic
        self._assigned: set[int] | None = None
        self._revoked: set[int] = set()
        self._positions: dict[int, int] = {}
        self._next_look = 0.0
        self._ends = end_offsets(consumer, topic) if stop_at_end else None
        consumer.subscribe([topic], on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_revoke)

    @property
    def at_end(self) -> bool:
        """Whether all that was in this member's partitions at the start has been read.

        Needs a consumer with ``enable.partition.eof``: the last offsets of a partition may be markers of
        transactions, which no one reads.
        """
        if self._ends is None or self._assigned is None:
            return False
        return all(self._positions.get(partition, 0) >= self._ends[partition][1] for partition in self._assigned)

    def read(self, most: int, wait: float) -> list[Incoming]:
        """Up to ``most`` payments: waits at most ``wait`` seconds for the first, and not at all for others.

        Looks no sooner than ``_PACE`` seconds after the look before. Raises :class:`ReadError`.
        """
        time.sleep(max(0.0, self._next_look - time.monotonic()))
        self._next_look = time.monotonic() + _PACE
        first = self._consumer.poll(wait)
        if first is None:
            return []
        self._revoked.clear()
        rest = self._consumer.consume(most - 1, 0) if most > 1 else []
        batch = rest if first.partition() in self._revoked else [first, *rest]
        return [record for record in map(self._record, batch) if record]

    def rewind(self, batch: Sequence[Incoming]) -> None:
        """Read ``batch`` again. What has moved to another member meanwhile is that member's business."""
        for partition, offset in {record.partition: record.offset for record in reversed(batch)}.items():
            self._positions[partition] = offset
            try:
                self._consumer.seek(TopicPartition(self._topic, partition, offset))
            except KafkaException as error:
                log.info("not going back in partition %d: %s", partition, error.args[0].str())

    def next_offsets(self, batch: Sequence[Incoming]) -> list[TopicPartition]:
        """For each partition in ``batch`` the offset after its last record: what is to be committed."""
        last = {record.partition: record.offset for record in batch}
        return [TopicPartition(self._topic, partition, offset + 1) for partition, offset in last.items()]

    def _record(self, message: Message) -> Incoming | None:
        partition, offset = message.partition(), message.offset()
        error = message.error()
        if error is None:
            assert partition is not None
            assert offset is not None
            self._positions[partition] = offset + 1
            return Incoming(partition, offset, message.timestamp()[1], message.key(), message.value())
        if error.code() == KafkaError._PARTITION_EOF:
            assert partition is not None
            assert offset is not None
            self._positions[partition] = offset
        elif error.fatal() or error.code() in _HOPELESS:
            raise ReadError(explain(error))
        else:
            log.warning("the client goes on after: %s", error.str())
        return None

    def _on_assign(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self._assigned = {place.partition for place in partitions}
        self._positions.clear()
        log.info("assigned partitions %s", sorted(self._assigned))

    def _on_revoke(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self._assigned = None
        self._revoked.update(place.partition for place in partitions)
        log.info("gave back partitions %s", sorted(place.partition for place in partitions))

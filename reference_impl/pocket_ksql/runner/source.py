"""Fetching: the topics of one query, from where it left off, in the order in which its task needs them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from confluent_kafka import (
    OFFSET_BEGINNING,
    OFFSET_END,
    OFFSET_INVALID,
    Consumer,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)

from pocket_ksql.kafka import LOST, Kafka, TopicLostError, edge_offsets, partition_numbers, read_batch
from pocket_ksql.records import Record
from pocket_ksql.runner.messages import runs
from pocket_ksql.runner.ordering import Merge, PartitionId

BATCH = 1000
HELD_BACK_AT_MOST = 20_000
"""Records of one partition that may wait for those of others before fetching it is interrupted."""

_TIMEOUT = 10.0
_CHECK_EVERY = 5.0

Run = tuple[str, list[Record]]


_FETCH_WAIT_MS = 100

_SMALL_BATCH = 100
_GATHER = 0.005
"""After a small batch, seconds before the next look: a batch of few costs nearly as much as one of many."""


class Source:
    """Reads ``topics`` from ``start`` (``earliest`` or ``latest``), or from what ``group`` has committed.

    Every instance reads all partitions: it assigns them to itself, so that a start costs no rebalance.
    Topics in ``first`` are read to their end before the others. With ``fetch_min_bytes`` the broker gathers so many
    bytes, for up to ``_FETCH_WAIT_MS``, which costs both sides much less than taking each record as it comes. Raises
    `TopicLostError` when a topic is not there, now or later.

    With ``in_order``, records that the broker has are waited for before later ones of other partitions are given, as
    Kafka Streams does with ``max.task.idle.ms`` at its default of 0. Without, the order is nearly that of the times.
    """

    def __init__(
        self,
        kafka: Kafka,
        topics: Sequence[str],
        *,
        start: str = "latest",
        group: str | None = None,
        first: Sequence[str] = (),
        fetch_min_bytes: int = 1,
        in_order: bool = True,
    ) -> None:
        settings: dict[str, Any] = {} if group is None else {"group_id": group}
        self._consumer = kafka.reader(
            auto_offset_reset=start,
            enable_partition_eof=True,
            # What is fetched ahead is bounded, and a full queue is looked at again soon.
            queued_max_messages_kbytes=8_192,
            queued_min_messages=10_000,
            fetch_queue_backoff_ms=5,
            fetch_wait_max_ms=_FETCH_WAIT_MS,
            fetch_min_bytes=fetch_min_bytes,
            **settings,
        )
        self._kafka = kafka
        self._asking: Consumer | None = None
        self._group = group
        self._in_order = in_order
        self._next_read = 0.0
        self._check_at = time.monotonic() + _CHECK_EVERY
        self._paused: set[PartitionId] = set()
        self._positions: dict[PartitionId, int] = {}
        self.ends: dict[PartitionId, int] = {}
        try:
            self._locate(topics, start)
        except BaseException:
            self._consumer.close()
            raise
        self._taken = dict(self._positions)
        """The next offset to come from each partition."""
        self._known_ends = dict(self.ends)
        self._merge = Merge(self._positions, first)
        for partition, offset in self._positions.items():
            if offset >= self.ends[partition]:
                self._merge.reached_end(partition)
        self._consumer.assign([TopicPartition(*name, offset) for name, offset in self._positions.items()])

    def _locate(self, topics: Sequence[str], start: str) -> None:
        names: list[PartitionId] = []
        for topic in topics:
            numbers = partition_numbers(self._consumer, topic)
            if not numbers:
                raise TopicLostError(f"Topic {topic} does not exist.")
            names += [(topic, number) for number in numbers]
        places = [TopicPartition(*name) for name in names]
        committed = self._consumer.committed(places, timeout=_TIMEOUT) if self._group else places
        begins = edge_offsets(self._consumer, names, OFFSET_BEGINNING, _TIMEOUT)
        self.ends = edge_offsets(self._consumer, names, OFFSET_END, _TIMEOUT)
        for place in committed:
            name = (place.topic, place.partition)
            low, high = begins[name], self.ends[name]
            if self._group and place.offset != OFFSET_INVALID:
                self._positions[name] = min(max(place.offset, low), high)
            else:
                self._positions[name] = low if start == "earliest" else high

    def read(self, wait: float) -> list[Run]:
        """Wait at most ``wait`` seconds for records, and give those that may be processed now, in order."""
        time.sleep(max(0.0, self._next_read - time.monotonic()))
        messages = read_batch(self._consumer, BATCH, wait)
        if not messages:
            self._check_topics()
            return []
        if len(messages) < _SMALL_BATCH:
            self._next_read = time.monotonic() + _GATHER
        self._take_in(messages)
        self._find_ends()
        ready = list(self._merge.take())
        self._advance()
        self._balance()
        return ready

    def _advance(self) -> None:
        self._positions.update(self._merge.positions)
        for name, taken in self._taken.items():
            # What was taken last may be markers of transactions, which are no records.
            if self._merge.waiting(name) == 0:
                self._positions[name] = taken

    def _check_topics(self) -> None:
        """Fetching says nothing of a topic that was deleted: look from time to time while nothing comes."""
        if time.monotonic() < self._check_at:
            return
        self._check_at = time.monotonic() + _CHECK_EVERY
        existing = self._consumer.list_topics(timeout=_TIMEOUT).topics
        for topic, _ in self._positions:
            if topic not in existing:
                raise TopicLostError(f"Topic {topic} was deleted while it was being read.")

    def _take_in(self, messages: Sequence[Any]) -> None:
        for name, records, events in runs(messages):
            if records:
                self._merge.add(name, records)
                self._taken[name] = records[-1].offset + 1
            for event in events:
                self._take_event(name, event)

    def _take_event(self, name: PartitionId, event: Any) -> None:
        error = event.error()
        if error.code() == KafkaError._PARTITION_EOF:
            self._merge.reached_end(name)
            self._taken[name] = event.offset()
        elif error.code() in LOST:
            raise TopicLostError(f"Topic {name[0]} was deleted while it was being read.")
        elif not error.retriable():
            raise KafkaException(error)

    def _find_ends(self) -> None:
        """Settle which partitions have been read to their end.

        The high watermarks of the last fetches are at hand and tell it sooner than the event for the end, which comes
        only with the next fetch. But fetches differ in what they bring of each partition, and when: before records
        overtake those of a partition that seems to be at its end, the broker is asked.
        """
        for name, taken in self._taken.items():
            _, high = self._consumer.get_watermark_offsets(TopicPartition(*name), cached=True)
            if taken >= max(high, self._known_ends[name]):
                self._merge.reached_end(name)
        may_overtake = len(self._taken) > 1 and self._merge.at_end and any(map(self._merge.waiting, self._taken))
        if self._in_order and may_overtake:
            self._known_ends = self._ask_ends()
            for name, end in self._known_ends.items():
                if end > self._taken[name]:
                    # A record will come, or the event for the end where there are only markers of transactions.
                    self._merge.more_to_come(name)

    def _ask_ends(self) -> dict[PartitionId, int]:
        """The ends of all partitions now, by a client of its own: on the consumer's connection the question would
        wait until the broker has answered the fetch that is under way, up to ``_FETCH_WAIT_MS``."""
        if self._asking is None:
            self._asking = self._kafka.reader()
        return edge_offsets(self._asking, self._taken, OFFSET_END, _TIMEOUT)

    def _balance(self) -> None:
        """Stop fetching partitions that are far ahead of the others; fetch them again when they are needed."""
        for name in self._positions:
            waiting = self._merge.waiting(name)
            if name not in self._paused and waiting > HELD_BACK_AT_MOST:
                self._consumer.pause([TopicPartition(*name)])
                self._paused.add(name)
            elif name in self._paused and waiting < HELD_BACK_AT_MOST // 2:
                self._consumer.resume([TopicPartition(*name)])
                self._paused.discard(name)

    @property
    def reached_ends(self) -> bool:
        """Whether all has been given that was there when reading began."""
        return all(self._positions[name] >= end for name, end in self.ends.items())

    def commit(self, *, wait: bool = False) -> None:
        """Commit how far records have been given, for all partitions. With ``wait`` raises KafkaException.

        Without, a commit that fails is made good by the next one.
        """
        if wait:
            self._consumer.commit(offsets=self._offsets(), asynchronous=False)
        else:
            self._consumer.commit(offsets=self._offsets(), asynchronous=True)

    def commit_within(self, producer: Producer) -> None:
        """Make how far records have been given part of the producer's transaction. Raises KafkaException."""
        producer.send_offsets_to_transaction(self._offsets(), self._consumer.consumer_group_metadata())

    def _offsets(self) -> list[TopicPartition]:
        return [TopicPartition(*name, offset) for name, offset in self._positions.items()]

    @property
    def positions(self) -> dict[PartitionId, int]:
        """For each partition the offset of the next record to be given."""
        return dict(self._positions)

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop fetching."""
        if self._asking is not None:
            self._asking.close()
        self._consumer.close()

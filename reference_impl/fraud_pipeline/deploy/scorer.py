"""The scorer: a member of a consumer group that turns payments into scores and alerts, a micro-batch at a time.

Each turn of the loop is read → decode → score → encode → deliver. The steps in the middle are pure; reading and
delivering are the edges to Kafka. A turn happens as a whole, or it is repeated.
"""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from confluent_kafka import Consumer

from fraud_pipeline import topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy.decode import BatchDecoder, Decoder
from fraud_pipeline.deploy.delivery import AbortedError, AtLeastOnce, Delivery, DeliveryError, ExactlyOnce
from fraud_pipeline.deploy.detector import Detector
from fraud_pipeline.deploy.reader import BatchReader
from fraud_pipeline.deploy.records import Incoming, Outgoing
from fraud_pipeline.deploy.results import (
    CARRIED_COLUMNS,
    alert_records,
    dead_letter_records,
    score_records,
)
from fraud_pipeline.registry import SchemaOf

log = logging.getLogger(__name__)

_PAUSE = 0.5  # seconds between an aborted transaction and the next
_STOP_TRYING = 30.0  # seconds of aborted transactions in a row
_WAIT = 0.2  # seconds that an idle scorer waits for a payment before it looks whether it should stop


@dataclass(frozen=True)
class ScorerOptions:
    """How to run one scorer. The scorers of one ``group`` share the partitions of ``source``.

    Every scorer of a group needs its own ``instance`` name, the same whenever it starts again: by it Kafka
    knows that the killed one is not coming back, and hands over partitions and transaction without delay.
    ``takeover_seconds`` is how long the others wait for an instance that is gone and does not start again.
    ``max_rows`` bounds a micro-batch. A batch takes what is there and waits for nothing but its first payment
    and the 6 ms that batches are apart: they are small, and latency low, at a low rate, and large at a high one.
    """

    source: str = topics.PREPROCESSED
    scores: str = topics.SCORES
    alerts: str = topics.ALERTS
    group: str = "fraud-scorer"
    instance: str = "0"
    delivery: Literal["exactly-once", "at-least-once"] = "exactly-once"
    max_rows: int = 5000
    stop_at_end: bool = False
    takeover_seconds: float = 10.0

    @property
    def dead_letters(self) -> str:
        """Topic for the payments that cannot be scored."""
        return topics.dead_letters(self.source)

    @property
    def outputs(self) -> dict[str, int]:
        """The topics that it writes to, each with its number of partitions."""
        return {self.scores: topics.PARTITIONS, self.alerts: 1, self.dead_letters: 1}

    @property
    def member(self) -> str:
        """Name of this scorer among all: its group membership and its transactional id."""
        return f"{self.group}-{self.instance}"


@dataclass(frozen=True)
class BatchFacts:
    """What one delivered micro-batch was, for logs and metrics.

    ``seconds`` is from reading to commit. ``event_times`` are the record timestamps of its payments and
    ``done_at`` the moment after the commit, in ms since 1970.
    """

    scored: int
    alerts: int
    dead_lettered: int
    seconds: float
    event_times: Sequence[int]
    done_at: int


def score_batch(
    records: Sequence[Incoming],
    decoder: BatchDecoder,
    detector: Detector,
    options: ScorerOptions,
    now: int,
) -> tuple[list[Outgoing], list[Outgoing], list[Outgoing]]:
    """Scores, alerts and dead letters of a micro-batch, ready to be written.

    ``now`` is in ms since 1970.
    """
    batch = decoder.decode([record.value for record in records])
    unreadable = dead_letter_records(options.dead_letters, options.source, records, batch)
    dead = list(unreadable)
    if not batch.kept:
        return [], [], dead
    scores = detector.score(batch.features)
    threshold, model = detector.threshold, detector.version
    made = score_records(options.scores, records, batch, scores, threshold, model, now)
    scored = list(made)
    return scored, list(alert_records(options.alerts, scored, scores, threshold)), dead


def run_scorer(
    connection: Connection,
    detector: Detector,
    schema_of: SchemaOf,
    options: ScorerOptions,
    stopping: Callable[[], bool],
    on_batch: Callable[[BatchFacts], None],
) -> None:
    """Score payments until ``stopping()`` or, with ``stop_at_end``, until all that were there at the start are done.

    ``on_batch`` is told of each delivered batch. Raises ``ReadError``, ``DeliveryError`` and whatever
    ``schema_of`` raises when the registry cannot be reached; the batch in hand is then neither written nor
    committed, and the next scorer of the group begins with it.
    """
    decoder = Decoder(detector.columns, CARRIED_COLUMNS, schema_of)
    consumer = _consumer(connection, options)
    try:
        # The producer comes first: it ends what a killed predecessor left open, offsets among it.
        delivery = _delivery(connection, consumer, options)
        reader = BatchReader(consumer, options.source, options.stop_at_end)
        failing_since: float | None = None
        gc.freeze()  # what is loaded will stay: to look through it for garbage would hold up payments by 40 ms
        while not (stopping() or reader.at_end):
            records = reader.read(options.max_rows, _WAIT)
            if not records:
                continue
            began, now = time.perf_counter(), time.time_ns() // 1_000_000
            scored, alerts, dead = score_batch(records, decoder, detector, options, now)
            try:
                delivery.deliver([*scored, *alerts, *dead], reader.next_offsets(records))
            except AbortedError as error:
                failing_since = failing_since or began
                if began - failing_since > _STOP_TRYING:
                    raise DeliveryError(f"every transaction is aborted: {error}") from error
                log.warning("transaction aborted, its batch is read again: %s", error)
                reader.rewind(records)
                time.sleep(_PAUSE)
                continue
            failing_since = None
            times = [record.timestamp for record in scored]
            seconds = time.perf_counter() - began
            done_at = time.time_ns() // 1_000_000
            on_batch(BatchFacts(len(scored), len(alerts), len(dead), seconds, times, done_at))
    finally:
        consumer.close()


def _consumer(connection: Connection, options: ScorerOptions) -> Consumer:
    return Consumer(
        connection.kafka(
            group_id=options.group,
            group_instance_id=options.member,
            session_timeout_ms=int(options.takeover_seconds * 1000),
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            isolation_level="read_committed",
            enable_partition_eof=options.stop_at_end,
        )
    )


def _delivery(connection: Connection, consumer: Consumer, options: ScorerOptions) -> Delivery:
    if options.delivery == "exactly-once":
        return ExactlyOnce(connection, consumer, options.member, options.takeover_seconds, options.max_rows)
    return AtLeastOnce(connection, consumer, options.max_rows)

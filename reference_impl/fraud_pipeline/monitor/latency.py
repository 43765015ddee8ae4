"""How long a payment takes from being sent to its score being there for others to read.

Payments that are replayed from a file carry the time at which they happened, years ago, so the difference
between two timestamps says nothing. Latency is measured on payments that are sent now, stamped with the time of
sending (``ingest(..., timestamps="now")``). KSQL keeps the record timestamp from topic to topic, and so does
the scorer: a reader of scores has only to look at its clock.
"""

from __future__ import annotations

import gc
import threading
import time
from dataclasses import dataclass
from types import TracebackType

import numpy as np
from confluent_kafka import Consumer, TopicPartition
from numpy.typing import NDArray

from fraud_pipeline import topics
from fraud_pipeline.connection import Connection
from fraud_pipeline.kafka import end_offsets
from fraud_pipeline.snapshot import NoSuchTopicError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Latency:
    """Latencies ``values`` ``(n,)`` in milliseconds."""

    values: Floats

    @property
    def p50(self) -> float:
        """Half of the payments were quicker."""
        return float(np.percentile(self.values, 50))

    @property
    def p99(self) -> float:
        """One payment in a hundred was slower."""
        return float(np.percentile(self.values, 99))


class LatencyProbe:
    """Watches ``topic`` from its end on and notes, for each record sent since then, how old it is on arrival.

    It reads committed records only, so the time that a transaction takes is part of the figure::

        with LatencyProbe(connection) as probe:
            ingest(payments, connection, rate=1000, timestamps="now")
            latency = probe.result(count=5000, patience=30)
    """

    def __init__(self, connection: Connection, topic: str = topics.SCORES) -> None:
        self._topic = topic
        self._consumer = Consumer(
            connection.kafka(group_id="fraud-latency-probe", enable_auto_commit=False, isolation_level="read_committed")
        )
        self._arrivals: list[tuple[int, float]] = []  # when sent, and how old on arrival, in ms
        self._began = 0
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="latency-probe", daemon=True)

    def __enter__(self) -> LatencyProbe:
        ends = end_offsets(self._consumer, self._topic)
        if not ends:
            raise NoSuchTopicError(f"There is no topic {self._topic}.")
        self._consumer.assign([TopicPartition(self._topic, partition, high) for partition, (_, high) in ends.items()])
        # A search for garbage through all that is loaded, TensorFlow perhaps, would stop this clock for 100 ms.
        gc.freeze()
        self._began = int(time.time() * 1000)  # record timestamps are whole milliseconds, too
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        gc.unfreeze()
        self._consumer.close()

    def result(self, count: int, patience: float, warm_up: float = 0) -> Latency | None:
        """Wait until ``count`` records have arrived, at most ``patience`` seconds, and give the latencies of
        those that have; ``None`` if there is none. What was sent in the first ``warm_up`` seconds is left out."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._arrivals) >= count, patience)
            arrivals = np.array(self._arrivals, dtype=np.float64).reshape(-1, 2)
        sent, ages = arrivals.T
        ages = ages[sent >= sent.min(initial=np.inf) + 1000 * warm_up]
        return Latency(ages) if len(ages) else None

    def _watch(self) -> None:
        while not self._stop.is_set():
            message = self._consumer.poll(0.1)
            if message is None or message.error() is not None:
                continue
            sent, now = message.timestamp()[1], time.time() * 1000
            if sent < self._began:  # the end of a transaction that was still open when the watch began
                continue
            age = now - sent
            with self._changed:
                self._arrivals.append((sent, age))
                self._changed.notify_all()

"""Payments into Kafka: an idempotent producer that counts what the broker has acknowledged."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Literal

import pyarrow as pa
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from fraud_pipeline import topics
from fraud_pipeline.connection import Connection, Setting
from fraud_pipeline.errors import PipelineError
from fraud_pipeline.kafka import dead_letter_headers, ensure_topics
from fraud_pipeline.transactions.source import Block, Source

PRODUCER_SETTINGS: dict[str, Setting] = {
    # acks=all, and a retry neither doubles a record nor changes the order
    "enable_idempotence": True,
    # the partition that Java clients, ksqlDB among them, choose for a key
    "partitioner": "murmur2_random",
    "compression_type": "lz4",
    "batch_size": 1_000_000,
    "queue_buffering_max_kbytes": 256 * 1024,
}
LINGER_MS = {"bulk": 50, "paced": 5}
"""How long a batch may wait to fill: throughput for a file, latency for a live stream."""

_MOST_AHEAD_MS = 3_600_000  # what a broker lets a timestamp be ahead of its clock (message.timestamp.after.max.ms)
_LARGEST_DEAD_LETTER = 500_000  # bytes; a topic takes about a million. Of a larger row the beginning is kept
_SLICE = 500  # payments between two words of progress
_LOOK_AT_STOP = 0.1
_TICK = 0.003
_REACH_TIMEOUT = 5.0


class IngestError(PipelineError):
    """Payments could not be written to Kafka; the message says why."""


@dataclass(frozen=True)
class IngestReport:
    """What became of a source's rows: ``ingested == produced + dead_lettered``."""

    source: str
    topic: str
    ingested: int
    """Rows read and sent."""
    produced: int
    """Payments that the broker has acknowledged."""
    dead_lettered: int
    """Rows on the dead-letter topic."""
    seconds: float
    interrupted: bool
    """Stopped by Ctrl-C before the source's end?"""
    users: frozenset[str] = field(repr=False)

    @property
    def rate(self) -> float:
        """Rows per second."""
        return self.ingested / self.seconds


def ingest(
    connection: Connection,
    source: Source,
    *,
    topic: str = topics.SOURCE,
    rows: int | None = None,
    rate: float | None = None,
    timestamps: Literal["payment", "now"] = "payment",
    progress: Callable[[int], None] | None = None,
) -> IngestReport:
    """Write the payments of ``source`` to ``topic``, and the rows that are none to its dead-letter topic.

    A record's key is the user, its value the payment as KSQL's DELIMITED format has it, its timestamp the time of
    the payment; with ``timestamps="now"`` the time of sending, from which latency can be measured. ``rate`` paces
    the records evenly, so many a second. ``progress`` is told from time to time how many rows have been sent.

    Ctrl-C ends the reading; what was sent by then is waited for and reported. Raises ``SourceError`` for a source
    that cannot be read and ``IngestError`` where the broker does not take the records.
    """
    began = time.perf_counter()
    users: set[str] = set()
    with _ctrl_c_noted() as stop:
        sender = _Sender(connection, topic, source.name, rate, stop, now=timestamps == "now", progress=progress)
        try:
            for block in _one_ahead(source.blocks(rows)):
                users.update(block.payments.column("User").unique().to_pylist())
                sender.send(block)
                if stop.is_set():
                    break
        finally:
            sender.finish()
    return IngestReport(
        source=source.name,
        topic=topic,
        ingested=sender.sent,
        produced=sender.produced,
        dead_lettered=sender.dead_lettered,
        seconds=time.perf_counter() - began,
        interrupted=stop.is_set(),
        users=frozenset(users),
    )


@contextmanager
def _ctrl_c_noted() -> Iterator[threading.Event]:
    """Ctrl-C sets the event and raises nothing, so that no record is sent but not counted. Twice raises as usual."""
    pressed = threading.Event()

    def note(_signal: int, _frame: FrameType | None) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    if threading.current_thread() is not threading.main_thread():
        yield pressed
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _one_ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks; the next is parsed (outside Python's lock, mostly) while the last is being sent."""
    with ThreadPoolExecutor(1, "parse") as parser:
        upcoming = parser.submit(next, blocks, None)
        while (block := upcoming.result()) is not None:
            upcoming = parser.submit(next, blocks, None)
            yield block


class _Sender:
    """One producer, and the count of what it was given and what the broker took."""

    def __init__(
        self,
        connection: Connection,
        topic: str,
        source: str,
        rate: float | None,
        stop: threading.Event,
        *,
        now: bool,
        progress: Callable[[int], None] | None,
    ) -> None:
        self._topic, self._dead_letters, self._source = topic, topics.dead_letters(topic), source
        self._now, self._progress = now, progress
        self._stop = stop
        self._pace = _Pace(rate, stop) if rate else None
        self.sent = self.produced = self.dead_lettered = 0
        self._refused: list[tuple[str, bytes, bytes | None]] = []
        self._unwritten: KafkaError | None = None
        linger = LINGER_MS["paced" if rate else "bulk"]
        self._producer = Producer(connection.kafka(**PRODUCER_SETTINGS, linger_ms=linger))
        _check_reachable(self._producer, connection)
        ensure_topics(connection, {topic: topics.PARTITIONS, self._dead_letters: 1})

    def send(self, block: Block) -> None:
        """Hand over a block; returns when the producer has queued all of it."""
        keys = block.payments.column("User").cast(pa.binary()).to_pylist()
        instants = self._timestamps(block)
        for start in range(0, len(keys), _SLICE):
            part = slice(start, start + _SLICE)
            self._send_payments(block.values[part], keys[part], instants[part])
            if self._stop.is_set():
                return
            if self._progress:
                self._progress(self.sent)
        for row in block.rejected:
            self._send_dead_letter(row.raw, row.reason, line=row.line)
        if block.rejected and self._progress:
            self._progress(self.sent)

    def _timestamps(self, block: Block) -> list[int]:
        if self._now:
            return [0] * len(block.values)  # librdkafka's word for the time of the call
        return block.payments.column("Timestamp").cast(pa.int64()).to_pylist()

    def _send_payments(self, values: list[bytes], keys: list[bytes], instants: list[int]) -> None:
        produce, topic, delivered, pace = self._producer.produce, self._topic, self._on_payment, self._pace
        latest = time.time() * 1000 + _MOST_AHEAD_MS
        for value, key, instant in zip(values, keys, instants, strict=True):
            if instant > latest:
                self._send_dead_letter(value, "Timestamp: in the future", key)
                continue
            if pace and not pace.wait(self._producer):
                return
            while True:
                try:
                    produce(topic, value, key, on_delivery=delivered, timestamp=instant)
                    self.sent += 1
                    break
                except BufferError:  # the queue is full: let the broker take some of it
                    self._producer.poll(0.1)
                except KafkaException as error:
                    self._send_dead_letter(value, error.args[0].str(), key)
                    break
        self._producer.poll(0)

    def _send_dead_letter(self, value: bytes, reason: str, key: bytes | None = None, **origin: object) -> None:
        if len(value) > _LARGEST_DEAD_LETTER:
            origin |= {"bytes": len(value)}
        headers: list[tuple[str, str | bytes | None]] = [*dead_letter_headers(reason, **origin, source=self._source)]
        while True:
            try:
                self._producer.produce(
                    self._dead_letters,
                    value[:_LARGEST_DEAD_LETTER],
                    key,
                    headers=headers,
                    on_delivery=self._on_dead_letter,
                )
                break
            except BufferError:
                self._producer.poll(0.1)
            except KafkaException as error:
                raise IngestError(f"The broker does not take records any more: {error.args[0].str()}") from error
        self.sent += 1

    def _on_payment(self, error: KafkaError | None, message: Message) -> None:
        if error is None:
            self.produced += 1
        else:
            self._refused.append((error.str(), message.value() or b"", message.key()))

    def _on_dead_letter(self, error: KafkaError | None, _message: Message) -> None:
        if error is None:
            self.dead_lettered += 1
        else:
            self._unwritten = error

    def finish(self) -> None:
        """Wait for every delivery report. A payment that the broker refused becomes a dead letter."""
        self._producer.flush()
        for reason, value, key in self._refused:
            self.sent -= 1
            self._send_dead_letter(value, reason, key)
        self._producer.flush()
        if self._unwritten is not None:
            lost = self.sent - self.produced - self.dead_lettered
            raise IngestError(f"{lost} of {self.sent} rows could not be written: {self._unwritten.str()}")


class _Pace:
    """Evenly spaced turns, so many a second. A late turn is made up for, so that the rate holds on average.

    A turn may come up to :data:`_TICK` early: the client waits in whole milliseconds, and would spin for less.
    """

    def __init__(self, rate: float, stop: threading.Event) -> None:
        self._interval = 1 / rate
        self._due: float | None = None
        self._stop = stop

    def wait(self, producer: Producer) -> bool:
        """Serve delivery reports until the next turn is due; False if there is to be none."""
        due = time.perf_counter() if self._due is None else self._due
        while (left := due - time.perf_counter()) > _TICK and not self._stop.is_set():
            producer.poll(min(left, _LOOK_AT_STOP))
        self._due = due + self._interval
        return not self._stop.is_set()


def _check_reachable(producer: Producer, connection: Connection) -> None:
    try:
        producer.list_topics(timeout=_REACH_TIMEOUT)
    except KafkaException as error:
        raise IngestError(
            f"No Kafka broker answers at {connection.bootstrap_servers} ({error.args[0].str()}). Is the stack up?"
        ) from error

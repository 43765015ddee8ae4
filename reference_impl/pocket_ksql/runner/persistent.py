"""A thread that runs one persistent query: fetch, process, produce, keep the state, commit.

What a crash leaves behind is the matter of ``delivery``.
"""

from __future__ import annotations

import enum
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import TypeVar

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from pocket_ksql.engine import PersistentQuery, Task
from pocket_ksql.guarantee import Guarantee, chosen_guarantee
from pocket_ksql.kafka import TopicLostError
from pocket_ksql.registry.errors import RegistryError
from pocket_ksql.runner import memory
from pocket_ksql.runner.delivery import AtLeastOnce, Delivery, ExactlyOnce
from pocket_ksql.runner.gate import Gate
from pocket_ksql.runner.ordering import PartitionId
from pocket_ksql.runner.processing_log import ProcessingLog
from pocket_ksql.runner.source import Source
from pocket_ksql.runner.state import Changelogs
from pocket_ksql.settings import Settings
from pocket_ksql.stream_properties import cache_bytes, commit_interval, fetch_min_bytes, offset_reset

_log = logging.getLogger(__name__)

_RETRY_AFTER = 1.0
"""Seconds between attempts while Kafka or the registry refuses."""

_STOP_WITHIN = 10.0
_PAUSE_WITHIN = 5.0

_GATHERED_BYTES = 65_536

_COMMIT_WITHIN = 0.1
"""Seconds from commit to commit where nothing is gathered: what a crash repeats, and a transaction holds back."""

_NOT_YET = (
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.NOT_COORDINATOR,
)

T = TypeVar("T")


class State(enum.Enum):
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    ERROR = "ERROR"


@dataclass
class Statistics:
    """What a query has written since it was started: for DESCRIBE … EXTENDED."""

    started: float = 0.0
    messages: int = 0
    last_message: float | None = None

    @property
    def per_second(self) -> float:
        return self.messages / max(time.time() - self.started, 1e-3)


class PersistentRunner:
    """Runs ``query`` until it is stopped; when Kafka or the registry fails it tries again from the last commit.

    ``tables`` are the topics that are read to their end before the others.
    """

    def __init__(
        self,
        query: PersistentQuery,
        settings: Settings,
        admin: AdminClient,
        processing_log: ProcessingLog,
        tables: Sequence[str] = (),
    ) -> None:
        self.query = query
        self.statistics = Statistics(started=time.time())
        self.error: str | None = None
        self.committed: dict[PartitionId, int] = {}
        """How far the query has come: for each partition the offset after the last record it is done with."""
        self._settings = settings
        self._changelogs = Changelogs(settings, query.id, admin)
        self._processing_log = processing_log
        self._tables = tables
        self._task: Task | None = None
        self._lock = Lock()
        self._stopping = Event()
        self._gate = Gate()
        self._thread = Thread(target=self._run, name=query.id, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Commit what has been done and end; waits for that, but not for a broker that does not answer."""
        self._stopping.set()
        self._gate.open()
        if self._thread.is_alive():
            self._thread.join(_STOP_WITHIN)

    def pause(self) -> None:
        self._gate.close()

    def wait_paused(self) -> None:
        """Return when the paused query has finished what it had read; not later than a patient client would ask."""
        if self._thread.is_alive() and self._task is not None and self.error is None:
            self._gate.wait_until_held(_PAUSE_WITHIN)

    def resume(self) -> None:
        self._gate.open()

    def forget(self) -> None:
        """Delete the state that the stopped query has left in Kafka."""
        self._changelogs.delete()

    @property
    def state(self) -> State:
        if self.error is not None:
            return State.ERROR
        return State.RUNNING if self._gate.is_open else State.PAUSED

    def look(self, inside: Callable[[Sequence[Task]], T]) -> T:
        """Call ``inside`` with the running tasks while nothing changes in them."""
        with self._lock:
            return inside([self._task] if self._task else [])

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    self._process()
                except (KafkaException, TopicLostError, RegistryError) as error:
                    self.error = None if _passes(error) else str(error)
                    _log.warning("Query %s stands still: %s", self.query.id, error)
                    self._stopping.wait(_RETRY_AFTER)
        finally:
            if not self._stopping.is_set():
                self.error = "The query ended unexpectedly; see the server's log."

    def _process(self) -> None:
        # Made first: it settles what a former owner has left open, on which state and offsets depend.
        delivery = self._delivery()
        try:
            self._process_with(delivery)
        finally:
            delivery.abandon()

    def _delivery(self) -> Delivery:
        kafka = self._settings.kafka
        chosen = chosen_guarantee(self.query.properties, self._settings.processing_guarantee)
        if chosen is Guarantee.EXACTLY_ONCE:
            return ExactlyOnce(kafka, self._changelogs, self._settings.group(self.query.id))
        return AtLeastOnce(kafka, self._changelogs)

    def _process_with(self, delivery: Delivery) -> None:
        properties = self.query.properties
        gathered = cache_bytes(properties, self._settings.cache_bytes) if self._makes_table else 0
        interval = commit_interval(properties, self._settings.commit_interval)
        task = self.query.open(gathered)
        for change in self._changelogs.read():
            task.restore(change)
        with Source(
            self._settings.kafka,
            self.query.source_topics,
            start=offset_reset(properties),
            group=self._settings.group(self.query.id),
            first=self._tables,
            fetch_min_bytes=fetch_min_bytes(properties, _GATHERED_BYTES if self._makes_table else 1),
            in_order=task.keeps_state,
        ) as source:
            self._commit(task, source, delivery, wait=True)  # so that anyone can see where the query begins
            with self._lock:
                self._task = task
            self.error = None
            memory.keep()
            self._loop(task, source, delivery, interval if gathered else min(interval, _COMMIT_WITHIN))

    @property
    def _makes_table(self) -> bool:
        """Nobody waits for a table's changes, which are gathered anyway."""
        return self.query.sink is not None and self.query.sink.is_table

    def _loop(self, task: Task, source: Source, delivery: Delivery, interval: float) -> None:
        commit_at = time.monotonic() + interval
        while not self._stopping.is_set():
            if not self._gate.is_open:
                self._commit_progress(task, source, delivery)
                self._gate.pass_through()
            for topic, records in source.read(min(interval, _COMMIT_WITHIN)):
                with self._lock:
                    produced = task.process(topic, records)
                self._count(delivery.send(produced))
            self._report(task)
            if time.monotonic() >= commit_at:
                self._commit_progress(task, source, delivery)
                commit_at = time.monotonic() + interval
        self._commit(task, source, delivery, wait=True)

    def _commit_progress(self, task: Task, source: Source, delivery: Delivery) -> None:
        if source.positions != self.committed:
            self._commit(task, source, delivery)

    def _commit(self, task: Task, source: Source, delivery: Delivery, *, wait: bool = False) -> None:
        with self._lock:
            gathered = task.release()
            changes = task.drain_changes()
        self._count(delivery.send(gathered))
        self._report(task)
        delivery.commit(changes, source, int(time.time() * 1000), wait=wait)
        self.committed = source.positions

    def _report(self, task: Task) -> None:
        if task.rejected:
            self._processing_log.write(self.query.id, task.rejected)
            task.rejected.clear()

    def _count(self, messages: int) -> None:
        if messages:
            self.statistics.messages += messages
            self.statistics.last_message = time.time()


def _passes(error: Exception) -> bool:
    """Whether Kafka has only said "not yet": a broker that has just started is looking for its group coordinator."""
    return isinstance(error, KafkaException) and error.args[0].code() in _NOT_YET

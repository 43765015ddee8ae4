"""A thread that runs one push query, or scans a stream, for one reader of its rows.

Rows wait in a buffer of bounded size: a slow reader slows the query down, not the server.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Event, Thread

from confluent_kafka import KafkaException

from pocket_ksql.engine import Row, TransientQuery
from pocket_ksql.errors import KsqlError
from pocket_ksql.kafka import TopicLostError
from pocket_ksql.registry.errors import RegistryError
from pocket_ksql.runner.processing_log import ProcessingLog
from pocket_ksql.runner.source import Source
from pocket_ksql.settings import Settings
from pocket_ksql.stream_properties import cache_bytes, commit_interval, offset_reset

_log = logging.getLogger(__name__)

_WAIT = 0.1
_ROWS_AT_ONCE = 500

Deliver = Callable[[list[Row]], bool]
"""Takes rows over, waiting while the reader has enough; false when the reader has gone."""


class TransientRunner:
    """Runs ``query``, as ``properties`` say, until its limit or end is reached, or until it is stopped.

    Where it begins is settled when this returns. ``deliver`` is called from the query's own thread with rows,
    and ``finished`` once, with the error that ended the query or ``None``. Raises ``TopicLostError`` and
    KafkaException when reading cannot begin.
    """

    def __init__(
        self,
        query: TransientQuery,
        settings: Settings,
        processing_log: ProcessingLog,
        properties: Mapping[str, object],
        tables: Sequence[str],
        deliver: Deliver,
        finished: Callable[[str | None], None],
    ) -> None:
        self.query = query
        self._task = query.open(cache_bytes(properties, settings.cache_bytes))
        self._interval = commit_interval(properties, settings.commit_interval)
        start = "earliest" if query.bounded else offset_reset(properties)
        self._source = Source(settings.kafka, query.source_topics, start=start, first=tables)
        self._processing_log = processing_log
        self._deliver = deliver
        self._finished = finished
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=query.id, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask the query to end; it does so within a fraction of a second."""
        self._stopping.set()

    def _run(self) -> None:
        failure: str | None = "The query ended unexpectedly; see the server's log."
        try:
            with self._source:
                self._read()
            failure = None
        except (KafkaException, TopicLostError, KsqlError, RegistryError) as error:
            failure = str(error)
            _log.warning("Query %s failed: %s", self.query.id, error)
        finally:
            self._finished(failure)

    def _read(self) -> None:
        query, task, source = self.query, self._task, self._source
        release_at = time.monotonic() + self._interval
        while not (self._stopping.is_set() or task.done or (query.bounded and source.reached_ends)):
            for topic, records in source.read(_WAIT):
                if not self._hand_over(task.process(topic, records)):
                    return
                if task.done:
                    break
            if time.monotonic() >= release_at:
                if not self._hand_over(task.release()):
                    return
                release_at = time.monotonic() + self._interval
            if task.rejected:
                self._processing_log.write(query.id, task.rejected)
                task.rejected.clear()

    def _hand_over(self, rows: list[Row]) -> bool:
        return all(
            not self._stopping.is_set() and self._deliver(rows[at : at + _ROWS_AT_ONCE])
            for at in range(0, len(rows), _ROWS_AT_ONCE)
        )

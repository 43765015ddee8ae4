"""How a query's output, its state and its offsets are kept together: at least once, or exactly once.

At least once, what was read is committed only after what came of it has arrived: after a crash some records are
processed twice, none is lost. Exactly once, all three go into one transaction: after a crash none of it is there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Protocol

from confluent_kafka import KafkaException

from pocket_ksql.kafka import Kafka
from pocket_ksql.records import Change, Produced
from pocket_ksql.runner.output import Output
from pocket_ksql.runner.source import Source
from pocket_ksql.runner.state import Changelogs

_log = logging.getLogger(__name__)

_TRANSACTION_TIMEOUT_MS = 10_000
"""How long a server that has gone away may keep readers waiting for its transaction; as in Kafka Streams."""

_START_WITHIN = 30.0


class Delivery(Protocol):
    """Writes what a query produces and, from time to time, commits all of it."""

    def send(self, records: Iterable[Produced]) -> int:
        """Write records; returns their count."""

    def commit(self, changes: Sequence[Change], source: Source, timestamp: int, *, wait: bool = False) -> None:
        """Keep the state's changes and how far ``source`` has been read. Raises KafkaException."""

    def abandon(self) -> None:
        """Give up what has not been committed."""


class AtLeastOnce:
    """Sends at once; offsets follow when the rest has arrived."""

    def __init__(self, kafka: Kafka, changelogs: Changelogs) -> None:
        self._output = Output(kafka)
        self._changelogs = changelogs
        self.send = self._output.send

    def commit(self, changes: Sequence[Change], source: Source, timestamp: int, *, wait: bool = False) -> None:
        """Stores come in the order of `QueryTask.drain_changes`: each after those that its changes lead to.

        One that went ahead of them would, after a crash, take a repeated record for one that is done with.
        """
        self._output.flush()
        for _, store in groupby(changes, key=attrgetter("store")):
            self._output.send(self._changelogs.record(change, timestamp) for change in store)
            self._output.flush()
        source.commit(wait=wait)

    def abandon(self) -> None:
        """What has been sent stays."""


class ExactlyOnce:
    """One transaction from commit to commit. To make one ends the transaction that a former owner has left open."""

    def __init__(self, kafka: Kafka, changelogs: Changelogs, transactional_id: str) -> None:
        self._output = Output(kafka, transactional_id=transactional_id, transaction_timeout_ms=_TRANSACTION_TIMEOUT_MS)
        self._changelogs = changelogs
        self._producer = self._output.producer
        self._producer.init_transactions(_START_WITHIN)
        self._open = False

    def send(self, records: Iterable[Produced]) -> int:
        waiting = list(records)
        if not waiting:
            return 0
        self._begin()
        return self._output.send(waiting)

    def commit(self, changes: Sequence[Change], source: Source, timestamp: int, *, wait: bool = False) -> None:
        self._begin()
        self._output.send(self._changelogs.record(change, timestamp) for change in changes)
        self._output.flush()
        source.commit_within(self._producer)
        self._producer.commit_transaction()
        self._open = False

    def _begin(self) -> None:
        if not self._open:
            self._producer.begin_transaction()
            self._open = True

    def abandon(self) -> None:
        if not self._open:
            return
        try:
            self._producer.abort_transaction()
        except KafkaException as error:
            # The next owner ends it, or the broker does after the timeout.
            _log.info("A transaction could not be aborted: %s", error)

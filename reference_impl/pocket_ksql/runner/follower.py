"""What a server does beside the requests: take over the commands of other servers, get ready for queries."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Event, Thread
from typing import Any

from confluent_kafka import KafkaException

from pocket_ksql.columnar import task as columnar
from pocket_ksql.columnar.choice import may_be_batched
from pocket_ksql.engine import Engine
from pocket_ksql.kafka import TopicLostError
from pocket_ksql.runner.commands import Command, CommandLog
from pocket_ksql.runner.owned import OwnedQueries

_log = logging.getLogger(__name__)

EVERY = 0.2
"""Seconds from one look to the next."""


class Follower:
    """A thread that gives other servers' commands to ``take_over``, with ``lock`` held."""

    def __init__(
        self,
        commands: CommandLog,
        engine: Engine,
        queries: OwnedQueries,
        lock: AbstractContextManager[Any],
        take_over: Callable[[Command], None],
    ) -> None:
        self._commands = commands
        self._engine = engine
        self._queries = queries
        self._lock = lock
        self._take_over = take_over
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="commands", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Look no more; does not wait for the look under way."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(EVERY):
            try:
                self._look()
            except (KafkaException, TopicLostError) as error:
                _log.warning("Commands of other servers cannot be taken over now: %s", error)

    def _look(self) -> None:
        with self._lock:
            for command in self._commands.look():
                self._take_over(command)
            metastore = self._engine.metastore
            any_query, any_wide = bool(metastore.queries), any(map(may_be_batched, metastore.sources.values()))
        if any_query:
            self._queries.join()
        if any_wide:
            columnar.load()  # while there is time, rather than when the first query on it wants it

"""The persistent queries that run on this server, out of all that there are."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from pocket_ksql.engine import (
    Engine,
    Outcome,
    PersistentQuery,
    QueriesPaused,
    QueriesTerminated,
    QueryStarted,
    SourceDropped,
)
from pocket_ksql.language import statements as tree
from pocket_ksql.runner import memory
from pocket_ksql.runner.persistent import PersistentRunner, State
from pocket_ksql.runner.processing_log import ProcessingLog
from pocket_ksql.runner.shares import Shares
from pocket_ksql.settings import Settings

_log = logging.getLogger(__name__)

_FIRST_SHARES_WITHIN = 5.0


def starts_query(statement: tree.Statement) -> bool:
    """Whether a statement, when it is carried out, starts a persistent query."""
    if isinstance(statement, tree.CreateSource):
        return statement.read_only and statement.kind == "TABLE"
    return isinstance(statement, tree.CreateAs | tree.InsertInto)


class OwnedQueries:
    """Starts and stops queries as statements say, and as shares come and go.

    ``lock`` guards definitions and queries alike; ``table_topics`` names the topics that a query reads first.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        admin: AdminClient,
        processing_log: ProcessingLog,
        lock: AbstractContextManager[Any],
        table_topics: Callable[[PersistentQuery], Sequence[str]],
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._admin = admin
        self._processing_log = processing_log
        self._lock = lock
        self._table_topics = table_topics
        self._runners: dict[str, PersistentRunner] = {}
        self._paused: set[str] = set()
        self._shares = Shares(settings, admin, self._launch_owned, self._stop_lost)

    def join(self) -> None:
        """Join the servers of the service id, if that is yet to be done; returns when it is settled what runs here.

        Only needed where there are queries. Not to be called with the lock held: queries begin before it returns.
        """
        self.begin_to_join()
        self.wait_joined()

    def begin_to_join(self) -> None:
        """The first half of `join`, so that other things can be done meanwhile."""
        self._shares.start()

    def wait_joined(self) -> None:
        """The second half of `join`."""
        self._shares.wait(_FIRST_SHARES_WITHIN)

    def stop(self) -> None:
        """End all of them; they go on at the next start, or elsewhere."""
        self._shares.stop()
        with self._lock:
            for runner in self._runners.values():
                runner.stop()

    def runner(self, query_id: str) -> PersistentRunner | None:
        """The query of that id, if it runs here."""
        return self._runners.get(query_id)

    def state(self, query_id: str) -> State:
        """What a query does, here or, as far as this server knows, on another."""
        runner = self._runners.get(query_id)
        if runner is not None:
            return runner.state
        return State.PAUSED if query_id in self._paused else State.RUNNING

    def server_of(self, query_id: str) -> str | None:
        """The URL of the other server on which a query runs, ``None`` if it runs here or nowhere."""
        if query_id in self._runners:
            return None
        owner = self._shares.owner(query_id)
        return None if owner == self._settings.url else owner

    def remember(self, outcome: Outcome) -> None:
        """Take in what a statement of earlier times did."""
        if isinstance(outcome, QueriesPaused):
            ids = set(outcome.ids)
            self._paused = self._paused | ids if outcome.paused else self._paused - ids

    def end_before(self, outcome: Outcome) -> None:
        """Stop what a statement is going to end: what still writes, before the topic under it goes away."""
        match outcome:
            case QueriesTerminated(ids=ids) | SourceDropped(terminated=ids):
                ended = ids
            case QueryStarted(replaced=str(replaced)):
                ended = (replaced,)
            case _:
                return
        for query_id in ended:
            self._end(query_id)

    def apply(self, outcome: Outcome) -> None:
        """Do what a statement that has been carried out means for queries."""
        self.remember(outcome)
        match outcome:
            case QueryStarted(query=PersistentQuery() as query):
                if self._runners.pop(query.id, None) is not None:
                    memory.give_back()
                self._launch(query)
            case QueriesPaused(ids=ids, paused=paused):
                runners = [runner for query_id in ids if (runner := self._runners.get(query_id)) is not None]
                for runner in runners:
                    runner.pause() if paused else runner.resume()
                if paused:
                    for runner in runners:
                        runner.wait_paused()
            case QueriesTerminated(ids=ids) | SourceDropped(terminated=ids):
                here = self._runners.keys() & set(ids)
                for query_id in ids:
                    self._forget(query_id)
                if here:
                    memory.give_back()

    def reconcile(self) -> None:
        """Run what the engine knows now, and nothing else."""
        for query_id in self._runners.keys() - self._engine.metastore.queries.keys():
            self._end(query_id)
            self._forget(query_id)
        self._launch_owned()

    def _launch(self, query: PersistentQuery) -> None:
        """Run a query, if it is this server's to run."""
        if query.id in self._runners or not self._shares.owns(query.id):
            return
        topics = self._table_topics(query)
        runner = PersistentRunner(query, self._settings, self._admin, self._processing_log, topics)
        self._runners[query.id] = runner
        if query.id in self._paused:
            runner.pause()
        runner.start()

    def _launch_owned(self) -> None:
        with self._lock:
            for query in list(self._engine.metastore.queries.values()):
                self._launch(query)

    def _stop_lost(self) -> None:
        with self._lock:
            lost = [query_id for query_id in self._runners if not self._shares.owns(query_id)]
            for query_id in lost:
                self._runners.pop(query_id).stop()
            if lost:
                memory.give_back()

    def _end(self, query_id: str) -> None:
        runner = self._runners.get(query_id)
        if runner is not None:
            runner.stop()

    def _forget(self, query_id: str) -> None:
        """Delete what a query that is gone for good has left in Kafka."""
        runner = self._runners.pop(query_id, None)
        if runner is None:
            return
        group = self._settings.group(query_id)
        try:
            runner.forget()
            self._admin.delete_consumer_groups([group])[group].result()
        except KafkaException as error:
            _log.warning("What query %s left in Kafka stays there: %s", query_id, error)

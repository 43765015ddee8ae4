"""Everything together: statements in; definitions, running queries and results out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any

from confluent_kafka import KafkaException

from pocket_ksql.engine import (
    Engine,
    Outcome,
    PersistentQuery,
    PreparedStatement,
    PullQuery,
    RecordsInserted,
    Row,
    TransientQuery,
)
from pocket_ksql.errors import KsqlError, KsqlStatementError
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.guarantee import chosen_guarantee
from pocket_ksql.kafka import ensure_topic
from pocket_ksql.metastore import Metastore
from pocket_ksql.runner.commands import Command, CommandLog
from pocket_ksql.runner.follower import EVERY, Follower
from pocket_ksql.runner.logged import command_id
from pocket_ksql.runner.output import Output
from pocket_ksql.runner.owned import OwnedQueries, starts_query
from pocket_ksql.runner.processing_log import COLUMNS, ProcessingLog
from pocket_ksql.runner.sandbox import Sandbox
from pocket_ksql.runner.topics import KafkaTopics
from pocket_ksql.runner.transient import Deliver, TransientRunner
from pocket_ksql.services import Schemas
from pocket_ksql.settings import Settings
from pocket_ksql.stream_properties import cache_bytes, commit_interval, fetch_min_bytes, offset_reset

_log = logging.getLogger(__name__)

Properties = Mapping[str, Any]

_COMMAND_WITHIN = 5.0
"""Seconds in which a command that a request waits for must come; ksqlDB's default."""


@dataclass(frozen=True)
class Executed:
    """What a statement did; ``command_id`` and ``sequence`` are set when it went to the command topic."""

    outcome: Outcome
    command_id: str | None = None
    sequence: int | None = None


class KsqlService:
    """One KSQL server without its HTTP side. Statements are carried out one at a time."""

    def __init__(self, settings: Settings, schemas: Schemas, functions: FunctionRegistry) -> None:
        self.settings = settings
        self.kafka_cluster_id = settings.kafka.check()
        self._admin = settings.kafka.admin()
        self.topics = KafkaTopics(self._admin)
        self.schemas = schemas
        # Whoever sends a statement has it tried in a sandbox; here it is also repeated at every start.
        self.engine = Engine(self.topics, schemas, functions, service_id=settings.service_id, checks_topics=False)
        self._commands = CommandLog(settings.kafka, settings.command_topic)
        self._processing_log = ProcessingLog(settings.kafka, settings.processing_log_topic)
        self._inserts = Output(settings.kafka)
        self._transient: dict[str, TransientRunner] = {}
        self.terminated = False
        """Whether `terminate` has been called."""
        self.lock = RLock()
        """Held while definitions are read or changed."""
        self.queries = OwnedQueries(
            self.engine, settings, self._admin, self._processing_log, self.lock, self._table_topics
        )
        self._follower = Follower(self._commands, self.engine, self.queries, self.lock, self._take_over)

    def start(self) -> None:
        """Repeat all statements of the command topic and start the queries that are still wanted."""
        ensure_topic(self._admin, self.settings.processing_log_topic)
        for command in self._commands.read():
            self._repeat(command)
        if self._commands.next_sequence == 0:
            self._define_processing_log()
        if self.engine.metastore.queries:
            self.queries.join()
        self._follower.start()

    def stop(self) -> None:
        """End all queries; persistent ones continue at the next start."""
        self._follower.stop()
        self.queries.stop()
        with self.lock:
            self._commands.close()
            for transient in list(self._transient.values()):
                transient.stop()
            self._processing_log.close()

    def kafka_is_healthy(self) -> bool:
        """Whether a broker answers now."""
        try:
            self._admin.list_topics(timeout=2)
        except KafkaException:
            return False
        return True

    def prepare(self, text: str, variables: Mapping[str, str] | None = None) -> list[PreparedStatement]:
        """Parse a script. Raises ``KsqlSyntaxError``."""
        return self.engine.prepare(text, variables)

    def sandbox(self) -> Sandbox:
        """A place to try statements before they are carried out."""
        with self.lock:
            return Sandbox(self.engine)

    @property
    def next_number(self) -> int:
        """The number that the next query's id gets."""
        return self._commands.next_number

    def execute(self, statement: PreparedStatement, properties: Properties) -> Executed:
        """Carry a statement out and remember it. Raises ``KsqlStatementError``, KafkaException."""
        for property_name, value in properties.items():
            self.check_property(property_name, value, statement.text)
        is_query = starts_query(statement.tree)
        if is_query:
            self.queries.begin_to_join()
        with self.lock:
            executed = self._execute(statement, properties)
        if is_query:
            self.queries.wait_joined()
        return executed

    def _execute(self, statement: PreparedStatement, properties: Properties) -> Executed:
        for command in self._commands.read():
            self._take_over(command)
        number, expected_sequence = self._commands.next_number, self._commands.next_sequence
        expected = self.sandbox().execute(statement, properties, number)
        self.queries.end_before(expected)
        outcome = self.engine.execute(statement, properties, number)
        if isinstance(outcome, RecordsInserted):
            self._inserts.send(outcome.records)
            self._inserts.flush()
            return Executed(outcome)
        name = command_id(statement.tree, outcome)
        if name is None:
            return Executed(outcome)
        sequence = self._commands.append(name, outcome.statement_text, properties)
        if sequence != expected_sequence:
            return Executed(self._rebuild(sequence) or outcome, name, sequence)
        for command in self._commands.read():
            if command.sequence != sequence:
                self._take_over(command)
        self.queries.apply(outcome)
        return Executed(outcome, name, sequence)

    def wait_for_command(self, sequence: int) -> None:
        """Return when the command of that number has been carried out here. Raises ``TimeoutError``."""
        deadline = time.monotonic() + _COMMAND_WITHIN
        while sequence >= self._commands.next_sequence:
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(EVERY / 4)

    def terminate(self, is_doomed: Callable[[str], bool]) -> None:
        """End all queries for good, delete what they wrote to the topics that ``is_doomed`` names, forget everything.

        The server that does it is the last of its service id; it takes no statements any more.
        """
        with self.lock:
            self.terminated = True
            for transient in list(self._transient.values()):
                transient.stop()
            written = {source.topic for source in self.engine.metastore.sources.values() if source.created_as}
            self.execute(self.engine.prepare("TERMINATE ALL;")[0], {})
            self._follower.stop()
            for topic in filter(is_doomed, sorted(written)):
                self.topics.delete(topic)
            self.topics.delete(self.settings.command_topic)
            self.engine.metastore = Metastore()

    def _rebuild(self, sequence: int) -> Outcome | None:
        """Another server wrote a command just before the one at ``sequence``: begin anew, in the order of the topic.

        Returns what became of the command at ``sequence``.
        """
        self.engine.metastore = Metastore()
        self._commands.rewind()
        outcomes = {command.sequence: self._repeat(command) for command in self._commands.read()}
        self.queries.reconcile()
        return outcomes.get(sequence)

    def _take_over(self, command: Command) -> None:
        outcome = self._repeat(command)
        if outcome is not None:
            self.queries.end_before(outcome)
            self.queries.apply(outcome)

    def check_property(self, name: str, value: Any, statement_text: str | None = None) -> None:
        """Raises ``KsqlStatementError`` for a value that no query could start with."""
        try:
            chosen_guarantee({name: value}, self.settings.processing_guarantee)
            fetch_min_bytes({name: value}, 1)
            cache_bytes({name: value}, 0)
            commit_interval({name: value}, 0)
            offset_reset({name: value})
        except KsqlError as error:
            raise KsqlStatementError(error.message, statement_text) from None

    def insert(self, statements: Sequence[PreparedStatement]) -> None:
        """Carry out INSERT … VALUES statements and wait once until all records have arrived."""
        with self.lock:
            for statement in statements:
                outcome = self.engine.execute(statement, {})
                if not isinstance(outcome, RecordsInserted):
                    raise KsqlStatementError("Only INSERT INTO … VALUES inserts rows.", statement.text)
                self._inserts.send(outcome.records)
            self._inserts.flush()

    def pull(self, query: PullQuery) -> list[Row]:
        """The rows of a look-up in a table's state, which is kept here."""
        runner = self.queries.runner(query.query_id)
        if runner is None:
            raise KsqlError(f"Query {query.query_id}, which keeps {query.source}, is not running.")
        return runner.look(query.rows)

    def push(
        self,
        query: TransientQuery,
        properties: Properties,
        deliver: Deliver,
        finished: Callable[[str | None], None],
    ) -> TransientRunner:
        """Run a push query, or a scan, in a thread of its own; see `TransientRunner`."""

        def ended(error: str | None) -> None:
            self._transient.pop(query.id, None)
            finished(error)

        runner = TransientRunner(
            query,
            self.settings,
            self._processing_log,
            properties,
            self._table_topics(query),
            deliver,
            ended,
        )
        self._transient[query.id] = runner
        runner.start()
        return runner

    def close_query(self, query_id: str) -> bool:
        """End a push query; false if there is none of that id."""
        runner = self._transient.get(query_id)
        if runner is not None:
            runner.stop()
        return runner is not None

    @property
    def transient_queries(self) -> list[TransientQuery]:
        return [runner.query for runner in list(self._transient.values())]

    def _repeat(self, command: Command) -> Outcome | None:
        try:
            (statement,) = self.engine.prepare(command.statement)
            outcome = self.engine.execute(statement, command.properties, command.sequence - 1)
        except (KsqlError, ValueError) as error:
            _log.warning("Command %d is left out: %s (%s)", command.sequence, error, command.statement)
            return None
        self.queries.remember(outcome)
        return outcome

    def _define_processing_log(self) -> None:
        text = (
            f"CREATE STREAM KSQL_PROCESSING_LOG ({COLUMNS}) WITH "
            f"(KAFKA_TOPIC='{self.settings.processing_log_topic}', VALUE_FORMAT='JSON');"
        )
        self.execute(self.engine.prepare(text)[0], {})

    def _table_topics(self, query: PersistentQuery | TransientQuery) -> list[str]:
        """Topics of the tables that ``query`` joins a stream with: they are read first."""
        sources = [self.engine.metastore.sources[name] for name in query.sources]
        if all(source.is_table for source in sources):
            return []
        return [source.topic for source in sources if source.is_table]

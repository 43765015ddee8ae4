"""``POST /ksql``: a script is carried out, and each statement that has something to say answers with an entity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from confluent_kafka import KafkaException

from pocket_ksql.engine import NothingDone, Outcome, PreparedStatement, PropertyChanged, QueryStarted
from pocket_ksql.errors import QUERY_AT_WRONG_ENDPOINT, KsqlStatementError
from pocket_ksql.language import statements as tree
from pocket_ksql.registry.errors import RegistryError
from pocket_ksql.runner.service import Executed, KsqlService
from pocket_ksql.server import functions, listing
from pocket_ksql.server.asserting import assert_schema, assert_topic
from pocket_ksql.server.describing import (
    Entity,
    find_source,
    push_query_description,
    query_description,
    source_description,
)
from pocket_ksql.server.errors import SERVER_ERROR
from pocket_ksql.server.properties import is_settable

_LOOKING = (
    tree.Show,
    tree.Describe,
    tree.DescribeSources,
    tree.DescribeFunction,
    tree.Explain,
    tree.AssertTopic,
    tree.AssertSchema,
    tree.ConnectorStatement,
)
_QUERYING = (tree.Select, tree.Print)

_WRONG_ENDPOINT = (
    "The following statement types should be issued to the websocket endpoint '/query':\n\t* PRINT\n\t* SELECT"
)


class ScriptRunner:
    """Carries out the scripts that are sent to ``/ksql``."""

    def __init__(self, service: KsqlService) -> None:
        self._service = service
        self.statuses: dict[str, Entity] = {}
        """What became of each command since the start, by its id."""

    def run(self, text: str, properties: Mapping[str, Any], variables: Mapping[str, str]) -> list[Entity]:
        """Carry a script out as a whole, or not at all when one of its statements is refused.

        Raises ``KsqlStatementError`` for the first statement that is refused.
        """
        statements = self._service.prepare(text, variables)
        self._try(statements, properties)
        session = dict(properties)
        answers = [self._carry_out(statement, session) for statement in statements]
        return [{**entity, "warnings": []} for entity in answers if entity is not None]

    def _try(self, statements: list[PreparedStatement], properties: Mapping[str, Any]) -> None:
        for statement in statements:
            if isinstance(statement.tree, _QUERYING):
                raise KsqlStatementError(_WRONG_ENDPOINT, statement.text, QUERY_AT_WRONG_ENDPOINT)
            if isinstance(statement.tree, tree.Set) and not is_settable(statement.tree.name):
                raise KsqlStatementError(f"Unknown property: {statement.tree.name}", statement.text)
            if isinstance(statement.tree, tree.Set):
                self._service.check_property(statement.tree.name, statement.tree.value, statement.text)
        if len(statements) < 2:
            return
        sandbox = self._service.sandbox()
        session = dict(properties)
        number = self._service.next_number
        for statement in statements:
            if not isinstance(statement.tree, _LOOKING):
                _keep_property(session, sandbox.execute(statement, session, number))
                number += 2

    def _carry_out(self, statement: PreparedStatement, session: dict[str, Any]) -> Entity | None:
        if isinstance(statement.tree, _LOOKING):
            answer = self._wait_for(statement) or self._look(statement, session)
            return {"@type": answer.pop("@type"), "statementText": statement.text, **answer}
        try:
            executed = self._service.execute(statement, session)
        except (KafkaException, RegistryError) as error:
            raise KsqlStatementError(str(error), statement.text, SERVER_ERROR) from error
        _keep_property(session, executed.outcome)
        return self._entity(executed)

    def _entity(self, executed: Executed) -> Entity | None:
        outcome = executed.outcome
        text = {"statementText": outcome.statement_text}
        if isinstance(outcome, NothingDone) and outcome.warning:
            return {"@type": "warning_entity", **text, "message": outcome.message}
        if executed.command_id is None:
            return None
        query = outcome.query if isinstance(outcome, QueryStarted) else None
        status = {
            "status": "SUCCESS",
            "message": outcome.message,
            "queryId": None if query is None else query.id,
        }
        self.statuses[executed.command_id] = status
        return {
            "@type": "currentStatus",
            **text,
            "commandId": executed.command_id,
            "commandStatus": status,
            "commandSequenceNumber": executed.sequence,
        }

    def _wait_for(self, statement: PreparedStatement) -> Entity | None:
        """What ASSERT and a Connect worker answer; other requests go on while they are waited for."""
        match statement.tree:
            case tree.AssertTopic() as wanted:
                return assert_topic(self._service, wanted)
            case tree.AssertSchema() as wanted:
                return assert_schema(self._service, wanted)
            case tree.ConnectorStatement() | tree.Show(what="CONNECTORS" | "CONNECTOR PLUGINS") as wanted:
                from pocket_ksql.server import connectors  # whose client loads as long as a third of the server

                return connectors.answer(self._service.settings.connect_url, wanted, statement.text)
        return None

    def _look(self, statement: PreparedStatement, session: Mapping[str, Any]) -> Entity:
        with self._service.lock:
            return self._description(statement, session)

    def _description(self, statement: PreparedStatement, session: Mapping[str, Any]) -> Entity:
        service, text = self._service, statement.text
        match statement.tree:
            case tree.Show() as wanted:
                return listing.show(service, wanted, text, session)
            case tree.Describe(name=name, extended=extended):
                source = find_source(service, name, text)
                description = source_description(service, source, extended=extended)
                return {"@type": "sourceDescription", "sourceDescription": description}
            case tree.DescribeSources(what=what, extended=extended):
                return listing.describe_sources(service, what, extended=extended)
            case tree.DescribeFunction(name=name):
                return functions.description(service.engine.functions, name)
            case tree.Explain() as wanted:
                return {
                    "@type": "queryDescription",
                    "queryDescription": self._explain(wanted, statement, session),
                }
        raise AssertionError(f"{statement.tree} does not look")

    def _explain(self, wanted: tree.Explain, statement: PreparedStatement, session: Mapping[str, Any]) -> Entity:
        if wanted.statement is not None:
            return self._explain_statement(PreparedStatement(statement.text, wanted.statement), session)
        running = self._service.engine.metastore.queries.get(wanted.query_id or "")
        if running is None:
            raise KsqlStatementError(
                f"Query with id:{wanted.query_id} does not exist, use SHOW QUERIES to view the full set of queries.",
                statement.text,
            )
        return query_description(self._service, running)

    def _explain_statement(self, explained: PreparedStatement, session: Mapping[str, Any]) -> Entity:
        engine = self._service.engine
        if isinstance(explained.tree, tree.Select):
            # ksqlDB shows the query without the EXPLAIN before it.
            text = explained.text.partition(" ")[2].strip()
            query = engine.push_query(PreparedStatement(text, explained.tree), session)
            return push_query_description(self._service, query)
        return query_description(self._service, engine.explain(explained, session), running=False)


def _keep_property(session: dict[str, Any], outcome: Outcome) -> None:
    """SET and UNSET hold for the rest of the script."""
    if isinstance(outcome, PropertyChanged):
        if outcome.value is None:
            session.pop(outcome.name, None)
        else:
            session[outcome.name] = outcome.value

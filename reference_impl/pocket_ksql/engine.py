"""The engine: statements in, effects on the metastore and compiled queries out. No Kafka, no HTTP, no clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from pocket_ksql import execution, inserts
from pocket_ksql.definitions import Changed, Declared, Selected
from pocket_ksql.depth import allow_nesting, nesting_refused
from pocket_ksql.errors import BAD_REQUEST, KsqlStatementError, KsqlSyntaxError
from pocket_ksql.functions import builtin
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.language import statements as st
from pocket_ksql.language.parser import parse_statement, split_statements
from pocket_ksql.language.variables import substitute
from pocket_ksql.outcomes import (
    NothingDone,
    Outcome,
    PropertyChanged,
    QueriesPaused,
    QueriesTerminated,
    QueryStarted,
    RecordsInserted,
    SourceCreated,
    SourceDropped,
    TypeDropped,
    TypeRegistered,
    VariableChanged,
)
from pocket_ksql.prepared import PreparedStatement
from pocket_ksql.queries import (
    PersistentQuery,
    PullQuery,
    ResultColumn,
    Row,
    RowTask,
    Task,
    TransientQuery,
    result_columns,
)
from pocket_ksql.services import Schemas, Topics
from pocket_ksql.types import SqlType
from pocket_ksql.world import World

Properties = Mapping[str, Any]


def _wall_clock() -> int:
    return time.time_ns() // 1_000_000


class Engine(World):
    """All of KSQL but the moving of records.

    ``topics`` and ``schemas`` are the world outside; ``service_id`` names internal topics; ``clock`` gives the
    milliseconds since 1970 that INSERT VALUES stamps records with. Without ``checks_topics``, topics that exist are
    taken as they are: for statements that were tried before, and may be repeated when topics have changed.
    """

    def __init__(
        self,
        topics: Topics,
        schemas: Schemas,
        functions: FunctionRegistry | None = None,
        service_id: str = "default_",
        clock: Callable[[], int] = _wall_clock,
        checks_topics: bool = True,
    ) -> None:
        super().__init__(topics, schemas, functions if functions is not None else builtin(), clock, checks_topics)
        self.service_id = service_id
        self._number = 0
        allow_nesting()

    # --- parsing -----------------------------------------------------------------------------------------------

    def prepare(self, text: str, variables: Mapping[str, str] | None = None) -> list[PreparedStatement]:
        """Split and parse; raises ``KsqlSyntaxError``, or ``KsqlStatementError`` for an unknown type.

        Statements see the variables and types that earlier ones in the same text define.
        """
        known = {**self.metastore.variables, **(variables or {})}
        custom = dict(self.metastore.types)
        prepared = []
        for raw, line, column in split_statements(text):
            statement_text = substitute(raw, known)
            before = "\n" * (line - 1) + " " * (column - 1)  # so that places are those in the whole text
            with nesting_refused(statement_text):
                tree = _parsed(before, statement_text, custom)
            match tree:
                case st.Define(name, value):
                    known[name] = value
                case st.Undefine(name):
                    known.pop(name, None)
                case st.CreateType(name, of):
                    custom.setdefault(name, of)
            prepared.append(PreparedStatement(statement_text, tree))
        return prepared

    # --- carrying out ------------------------------------------------------------------------------------------

    def execute(
        self, statement: PreparedStatement, properties: Properties | None = None, number: int | None = None
    ) -> Outcome:
        """Carry a statement out; ``number`` becomes part of a new query's id. Raises ``KsqlStatementError``.

        Statements that only look (SHOW, DESCRIBE, EXPLAIN, PRINT, SELECT) are not for ``execute``.
        """
        if number is None:
            self._number += 1
            number = self._number
        with nesting_refused(statement.text):
            return self._carry_out(statement, properties or {}, number)

    def _carry_out(self, statement: PreparedStatement, properties: Properties, number: int) -> Outcome:
        given = (self, properties, number)
        tree = statement.tree
        match tree:
            case st.CreateSource():
                return Declared(*given).create_source(statement, tree)
            case st.CreateAs():
                return Selected(*given).create_as(statement, tree)
            case st.InsertInto():
                return Selected(*given).insert_into(statement, tree)
            case st.InsertValues():
                return RecordsInserted(statement.text, records=inserts.records(self, tree, properties))
            case st.AlterSource():
                return Changed(*given).alter_source(statement, tree)
            case st.DropSource():
                return Changed(*given).drop_source(statement, tree)
            case st.CreateType():
                return self._create_type(statement, tree)
            case st.DropType():
                return self._drop_type(statement, tree)
            case st.Terminate(query_id):
                return self._terminate(statement, query_id)
            case st.Pause(query_id):
                return QueriesPaused(statement.text, "Query paused.", self._query_ids(statement, query_id), True)
            case st.Resume(query_id):
                return QueriesPaused(statement.text, "Query resumed.", self._query_ids(statement, query_id), False)
            case st.Set(name, value):
                return PropertyChanged(statement.text, name=name, value=value)
            case st.Unset(name):
                return PropertyChanged(statement.text, name=name)
            case st.Define(name, value):
                self.metastore.variables[name] = value
                return VariableChanged(statement.text, name=name, value=value)
            case st.Undefine(name):
                self.metastore.variables.pop(name, None)
                return VariableChanged(statement.text, name=name)
        raise KsqlStatementError(f"{_first_words(statement.text)} is not supported by this server.", statement.text)

    def _query_ids(self, statement: PreparedStatement, query_id: str | None) -> tuple[str, ...]:
        if query_id is None:
            return tuple(self.metastore.queries)
        if query_id not in self.metastore.queries:
            raise KsqlStatementError(f"Unknown queryId: {query_id}", statement.text)
        return (query_id,)

    def _terminate(self, statement: PreparedStatement, query_id: str | None) -> Outcome:
        ids = self._query_ids(statement, query_id)
        for one in ids:
            del self.metastore.queries[one]
        return QueriesTerminated(statement.text, "Query terminated.", ids)

    def _create_type(self, statement: PreparedStatement, tree: st.CreateType) -> Outcome:
        known = self.metastore.types
        if tree.name in known:
            if tree.if_not_exists:
                return NothingDone(statement.text, f"{tree.name} is already registered with type {known[tree.name]}")
            raise KsqlStatementError(
                f"Cannot register custom type '{tree.name}' "
                f"since it is already registered with type: {known[tree.name]}",
                statement.text,
            )
        known[tree.name] = tree.type
        message = f"Registered custom type with name '{tree.name}' and SQL type {tree.type}"
        return TypeRegistered(statement.text, message, tree.name)

    def _drop_type(self, statement: PreparedStatement, tree: st.DropType) -> Outcome:
        if self.metastore.types.pop(tree.name, None) is None:
            if tree.if_exists:
                return NothingDone(statement.text, f"Type '{tree.name}' does not exist")
            raise KsqlStatementError(f"Type {tree.name} does not exist.", statement.text)
        return TypeDropped(statement.text, f"Dropped type '{tree.name}'", tree.name)

    # --- queries -----------------------------------------------------------------------------------------------

    def push_query(self, statement: PreparedStatement, properties: Properties | None = None) -> TransientQuery:
        """Compile ``SELECT … EMIT CHANGES``; raises ``KsqlStatementError``."""
        with nesting_refused(statement.text):
            return execution.push_query(self, statement, _select(statement), properties or {})

    def pull_query(
        self, statement: PreparedStatement, properties: Properties | None = None
    ) -> PullQuery | TransientQuery:
        """Compile ``SELECT …`` without EMIT: a look-up on a table, a bounded scan on a stream."""
        with nesting_refused(statement.text):
            return execution.pull_query(self, statement, _select(statement), properties or {})

    def explain(self, statement: PreparedStatement, properties: Properties | None = None) -> PersistentQuery:
        """Compile a ``CREATE … AS`` or ``INSERT INTO`` without starting it or creating anything."""
        selected = Selected(self, properties or {}, 0)
        with nesting_refused(statement.text):
            match statement.tree:
                case st.CreateAs():
                    return selected.plan_create_as(statement, statement.tree)[0]
                case st.InsertInto():
                    return selected.plan_insert_into(statement, statement.tree)
        raise KsqlStatementError("EXPLAIN takes a query or the id of a running one", statement.text)


def _parsed(before: str, text: str, custom: Mapping[str, SqlType]) -> st.Statement:
    """The tree of ``text``, which stands behind ``before``; raises as ``Engine.prepare``."""
    try:
        return parse_statement(before + text, custom)
    except KsqlSyntaxError as error:
        detail = error.message.partition(": ")[2]
        raise KsqlSyntaxError(detail, error.line, error.column, text) from None
    except KsqlStatementError as error:
        raise KsqlStatementError(f"Failed to prepare statement: {error.message}", text) from None


def _select(statement: PreparedStatement) -> st.Query:
    if not isinstance(statement.tree, st.Select):
        raise KsqlStatementError("only SELECT is a query", error_code=BAD_REQUEST)
    return statement.tree.query


def _first_words(text: str) -> str:
    return " ".join(text.split()[:2]).upper()


__all__ = [
    "Engine", "NothingDone", "Outcome", "PersistentQuery", "PreparedStatement", "PropertyChanged", "PullQuery",
    "QueriesPaused", "QueriesTerminated", "QueryStarted", "RecordsInserted", "ResultColumn", "Row", "RowTask",
    "SourceCreated", "SourceDropped", "Task", "TransientQuery", "TypeDropped", "TypeRegistered", "VariableChanged",
    "result_columns",
]  # fmt: skip

"""CREATE … AS SELECT and INSERT INTO … SELECT: sinks, and the queries that write to them."""

from __future__ import annotations

import re
from dataclasses import replace

from pocket_ksql import execution, types
from pocket_ksql.definitions.base import Definer
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.language.formatter import format_statement
from pocket_ksql.outcomes import Outcome, QueryStarted
from pocket_ksql.planner import inserting, source_schema, upgrades, with_clause
from pocket_ksql.planner.plan import Plan
from pocket_ksql.planner.resolve import Resolved
from pocket_ksql.prepared import PreparedStatement
from pocket_ksql.queries import PersistentQuery
from pocket_ksql.schema import Place, Schema
from pocket_ksql.source import FormatSpec, Source, SourceKind

RETENTION_MS = 604_800_000
_UNDETERMINED = "Could not determine output schema for query due to error: "


class Selected(Definer):
    """Definitions by a query."""

    def create_as(self, statement: PreparedStatement, tree: st.CreateAs) -> Outcome:
        existing = self._existing(tree)
        if existing is not None:
            return replace(existing, statement_text=statement.text)
        query, sink, canonical = self.plan_create_as(statement, tree)
        replaced = self.metastore.sources.get(tree.name)
        stopped = None
        if replaced is not None:
            self._in(canonical, lambda: self._check_replaceable(tree, replaced, sink))
            running = next((one for one in self.metastore.writers(tree.name) if one.sink == replaced), None)
            if running is not None:
                self._in(canonical, lambda: upgrades.check(running.plan, query.plan))
                stopped = running.id
                query = replace(query, id=stopped)
                self.metastore.queries.pop(stopped, None)
        self._create_topic(sink.topic, canonical.properties, "")
        self.metastore.sources[sink.name] = sink
        self.metastore.queries[query.id] = query
        return QueryStarted(query.statement_text, f"Created query with ID {query.id}", query, sink, stopped)

    def plan_create_as(
        self, statement: PreparedStatement, tree: st.CreateAs
    ) -> tuple[PersistentQuery, Source, st.CreateAs]:
        """The query and the sink of a CREATE … AS, and its canonical form; nothing is created."""
        _refuse_limit(tree.query, f"CREATE {tree.kind} AS SELECT", statement)
        resolved = execution.resolved(self.world, statement, tree.query)
        try:
            with_clause.check_names(tree.properties, with_clause.AS_PROPERTIES)
        except KsqlStatementError as error:
            raise KsqlStatementError(error.message, statement.text) from None
        canonical = self._canonical(tree, resolved)
        text = format_statement(canonical)
        existing = self.metastore.sources.get(tree.name)
        if existing is not None and not tree.or_replace:
            raise KsqlStatementError(
                f"Cannot add {tree.kind.lower()} '{tree.name}': "
                f"A {existing.kind.value.lower()} with the same name already exists",
                text,
            )
        try:
            plan = execution.plan(self.world, resolved, self.properties, tree.name)
            self._check_kind(tree, plan, text)
        except KsqlStatementError as error:
            raise KsqlStatementError(_UNDETERMINED + error.message, text, error.error_code) from None
        execution.check_storable(self.world, plan)
        sink = self._in(canonical, lambda: self._sink(canonical, tree.properties, resolved, plan))
        sink = replace(sink, statement_text=text)
        prefix = "CSAS" if tree.kind == "STREAM" else "CTAS"
        query_id = f"{prefix}_{tree.name}_{self.number}"
        query = execution.persistent_query(self.world, query_id, text, plan, sink, self.properties)
        return query, sink, canonical

    def _check_kind(self, tree: st.CreateAs, plan: Plan, text: str) -> None:
        produced = "TABLE" if plan.root.is_table else "STREAM"
        if produced != tree.kind:
            raise KsqlStatementError(
                f"Invalid result type. Your SELECT query produces a {produced}. "
                f"Please use CREATE {produced} AS SELECT statement instead.\nStatement: {text}"
            )

    def _canonical(self, tree: st.CreateAs, resolved: Resolved) -> st.CreateAs:
        """The statement with its names resolved and its topic's properties filled in."""
        given = tree.properties
        left = resolved.sources[0].source
        topic = with_clause.text_property(given, "KAFKA_TOPIC")
        if topic is None:
            topic = str(self.properties.get("ksql.output.topic.name.prefix", "")) + tree.name
        properties: dict[str, ex.Expression] = dict(given)
        properties["KAFKA_TOPIC"] = ex.StringLiteral(topic)
        if "PARTITIONS" not in properties:
            count = self.world.topics.partitions(left.topic) or 1
            properties["PARTITIONS"] = ex.IntegerLiteral(int(self.properties.get("ksql.sink.partitions", count)))
        if "REPLICAS" not in properties:
            replicas = self.world.topics.replicas(left.topic) or 1
            properties["REPLICAS"] = ex.IntegerLiteral(int(self.properties.get("ksql.sink.replicas", replicas)))
        windowed = tree.query.window is not None or left.window is not None
        policy = "delete" if tree.kind == "STREAM" else "compact,delete" if windowed else "compact"
        properties.setdefault("CLEANUP_POLICY", ex.StringLiteral(policy))
        properties.setdefault("RETENTION_MS", ex.IntegerLiteral(self._retention(tree)))
        query = replace(resolved.query, emit=resolved.query.emit or "CHANGES")
        return replace(tree, properties=properties, query=query)

    def _retention(self, tree: st.CreateAs) -> int:
        window = tree.query.window
        if window is None or window.retention is None:
            return RETENTION_MS
        return max(RETENTION_MS, window.retention.milliseconds)

    def _sink(self, tree: st.CreateAs, given: st.Properties, resolved: Resolved, plan: Plan) -> Source:
        left = resolved.sources[0].source
        root = plan.root
        columns = [column for name in root.key for column in root.columns if column.name == name]
        columns += [replace(column, place=Place.VALUE) for column in root.columns if column.name not in root.key]
        schema = Schema(tuple(columns))
        key, value = self._sink_formats(tree, left, schema)
        if not schema.key and "KEY_FORMAT" in tree.properties and key.name != "NONE":
            raise KsqlStatementError("Key format specified for stream without key columns.")
        source_schema.check_nested_keys(schema)
        as_given = format_statement(replace(tree, properties=given)).removesuffix(";")
        source_schema.check_formats(schema, key, value, f"\nStatement: {as_given}")
        source_schema.check_registered(tree.name, schema, key, value, self.world.schemas)
        if "WRAP_SINGLE_VALUE" in tree.properties and len(schema.value) != 1:
            raise KsqlStatementError("'WRAP_SINGLE_VALUE' is only valid for single-field value schemas")
        return Source(
            tree.name,
            SourceKind[tree.kind],
            schema,
            with_clause.text_property(tree.properties, "KAFKA_TOPIC") or tree.name,
            key,
            value,
            root.window,
            with_clause.timestamp_spec(tree.properties, schema),
            created_as=True,
        )

    def _sink_formats(self, tree: st.CreateAs, left: Source, schema: Schema) -> tuple[FormatSpec, FormatSpec]:
        given = tree.properties
        both, key_name, value_name = with_clause.given_formats(given)
        key_name, value_name = both or key_name, both or value_name
        if key_name is None:
            default = self.properties.get(with_clause.DEFAULT_KEY_FORMAT) or "KAFKA"
            key_name = left.key_format.name if left.key_format.name != "NONE" or not schema.key else default
        if value_name is None:
            value_name = left.value_format.name
        if not schema.key and "KEY_FORMAT" not in given and both is None:
            key_name = "NONE" if left.schema.key else left.key_format.name
        key = with_clause.format_spec(given, key_name.upper(), "KEY", self.properties)
        value = with_clause.format_spec(given, value_name.upper(), "VALUE", self.properties)
        return _inherit(key, left.key_format), _inherit(value, left.value_format)

    def insert_into(self, statement: PreparedStatement, tree: st.InsertInto) -> Outcome:
        query = self.plan_insert_into(statement, tree)
        self.metastore.queries[query.id] = query
        return QueryStarted(statement.text, f"Created query with ID {query.id}", query, query.sink)

    def plan_insert_into(self, statement: PreparedStatement, tree: st.InsertInto) -> PersistentQuery:
        """The query behind INSERT INTO; nothing is started."""
        sink = self.metastore.sources.get(tree.target)
        if sink is None:
            raise KsqlStatementError(
                f"{_place(tree)}Source {types.quoted(tree.target)} does not exist.", statement.text
            )
        if sink.is_table:
            raise KsqlStatementError(
                f"INSERT INTO can only be used to insert into a stream. {tree.target} is a table.", statement.text
            )
        if sink.read_only:
            raise KsqlStatementError(f"Cannot insert into read-only stream: {tree.target}", statement.text)
        if sink.schema.headers:
            raise KsqlStatementError(f"Cannot insert into {tree.target} because it has header columns", statement.text)
        _refuse_limit(tree.query, "INSERT INTO", statement)
        query_id = self._query_id(statement, tree)
        resolved = execution.resolved(self.world, statement, tree.query)
        try:
            plan = execution.plan(self.world, resolved, self.properties, tree.target)
            if plan.root.is_table:
                raise KsqlStatementError(
                    "Incompatible data sink and query result. Data sink ("
                    + tree.target
                    + ") type is KSTREAM but select "
                    "query result is KTABLE."
                )
            plan = inserting.fitted(plan, sink)
        except KsqlStatementError as error:
            raise KsqlStatementError(error.message, statement.text, error.error_code) from None
        return execution.persistent_query(self.world, query_id, statement.text, plan, sink, self.properties)

    def _query_id(self, statement: PreparedStatement, tree: st.InsertInto) -> str:
        """The id that the statement gives its query, or the next free one."""
        try:
            with_clause.check_names(tree.properties, with_clause.INSERT_PROPERTIES)
        except KsqlStatementError as error:
            raise KsqlStatementError(error.message, statement.text) from None
        given = with_clause.text_property(tree.properties, "QUERY_ID")
        if given is None:
            return f"INSERTQUERY_{self.number}"
        if not re.fullmatch(r"\w+", given, re.ASCII):
            raise KsqlStatementError(
                f"Query IDs may contain only alphanumeric characters and '_'. Got: '{given}'", statement.text
            )
        if given.upper() in self.metastore.queries:
            raise KsqlStatementError(f"Query ID '{given.upper()}' already exists.", statement.text)
        return given.upper()


def _refuse_limit(query: st.Query, what: str, statement: PreparedStatement) -> None:
    if query.limit is not None:
        raise KsqlStatementError(f"{what} statements don't support LIMIT clause.", statement.text)


def _place(tree: st.InsertInto) -> str:
    return f"Line: {tree.location.line}, Col: {tree.location.column}: " if tree.location else ""


def _inherit(spec: FormatSpec, source: FormatSpec) -> FormatSpec:
    """A sink without a delimiter of its own takes the source's."""
    if spec.name == source.name == "DELIMITED" and "delimiter" not in spec.properties:
        return FormatSpec(spec.name, {**source.properties, **spec.properties})
    return spec

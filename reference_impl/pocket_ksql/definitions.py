"""CREATE, INSERT INTO … SELECT, ALTER and DROP: from statement to metastore, topics and persistent queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from pocket_ksql import execution, types
from pocket_ksql.codegen.sources import target_of
from pocket_ksql.errors import BAD_REQUEST, KsqlStatementError
from pocket_ksql.formats import find_format
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.language.formatter import format_statement
from pocket_ksql.metastore import FormatSpec, Source, SourceKind
from pocket_ksql.outcomes import NothingDone, Outcome, QueryStarted, SourceCreated, SourceDropped
from pocket_ksql.planner import inserting, sources, upgrades
from pocket_ksql.planner.plan import Plan
from pocket_ksql.planner.resolve import Resolved
from pocket_ksql.prepared import PreparedStatement
from pocket_ksql.queries import PersistentQuery
from pocket_ksql.schema import Column, Place, Schema

if TYPE_CHECKING:
    from pocket_ksql.engine import Engine

RETENTION_MS = 604_800_000
_CREATED_AS = ("CSAS_", "CTAS_", "CST_")
_UNDETERMINED = "Could not determine output schema for query due to error: "


class Definitions:
    """One statement's worth of defining; ``properties`` are the session's, ``number`` goes into query ids."""

    def __init__(self, engine: Engine, properties: Mapping[str, Any], number: int) -> None:
        self.engine = engine
        self.metastore = engine.metastore
        self.properties = properties
        self.number = number

    # --- CREATE STREAM and CREATE TABLE --------------------------------------------------------------------------

    def create_source(self, statement: PreparedStatement, tree: st.CreateSource) -> Outcome:
        existing = self._existing(tree)
        if existing is not None:
            return replace(existing, statement_text=statement.text)
        try:
            sources.check_names(tree.properties, sources.SOURCE_PROPERTIES)
            key_format, value_format = sources.format_names(tree.properties, self.properties)
            topic = sources.topic_of(tree)
        except KsqlStatementError as error:
            raise KsqlStatementError(error.message, statement.text) from None
        properties = {name: value for name, value in tree.properties.items() if name != "FORMAT"}
        properties |= {"KEY_FORMAT": ex.StringLiteral(key_format), "VALUE_FORMAT": ex.StringLiteral(value_format)}
        tree = replace(tree, properties=properties)
        self._in(tree, lambda: (find_format(key_format), find_format(value_format)))
        self._check_topic(tree, topic)
        policy = "compact" if tree.kind == "TABLE" else "delete"
        tree = replace(tree, properties={"CLEANUP_POLICY": ex.StringLiteral(policy), **properties})
        text = format_statement(tree)
        source = self._in(tree, lambda: sources.build_source(tree, self.properties, self.engine.schemas))
        source = replace(source, statement_text=text)
        replaced = self.metastore.sources.get(tree.name)
        if replaced is not None:
            self._in(tree, lambda: self._check_replaceable(tree, replaced, source))
        self._create_topic(topic, tree.properties, policy)
        self._register_schemas(source)
        self.metastore.sources[tree.name] = source
        kind = "Stream" if tree.kind == "STREAM" else "Table"
        if tree.read_only and tree.kind == "TABLE":
            return self._materialise(source, text)
        return SourceCreated(text, f"{kind} created", source)

    def _in(self, tree: st.Statement, action: Any) -> Any:
        """``action()``, with the canonical text of ``tree`` put into its errors."""
        try:
            return action()
        except KsqlStatementError as error:
            if error.statement_text is None and error.error_code != BAD_REQUEST:
                raise KsqlStatementError(error.message, format_statement(tree)) from None
            raise

    def _existing(self, tree: st.CreateSource | st.CreateAs) -> Outcome | None:
        if tree.name not in self.metastore.sources or not tree.if_not_exists:
            return None
        kind = self.metastore.sources[tree.name].kind.value.lower()
        what = tree.kind.lower()
        message = f"Cannot add {what} {types.quoted(tree.name)}: A {kind} with the same name already exists."
        return NothingDone("", message, warning=True)

    def _check_replaceable(self, tree: st.CreateSource | st.CreateAs, old: Source, new: Source) -> None:
        what = tree.kind.lower()
        if not tree.or_replace:
            kind = old.kind.value.lower()
            raise KsqlStatementError(f"Cannot add {what} '{tree.name}': A {kind} with the same name already exists")
        if old.kind is not new.kind:
            raise KsqlStatementError(
                f"Cannot add {what} '{tree.name}': A {old.kind.value.lower()} with the same name already exists"
            )
        if old.read_only or new.read_only:
            raise KsqlStatementError(
                f"Cannot add {what} '{tree.name}': CREATE OR REPLACE is not supported on source {what}s."
            )
        prefix = f"Cannot upgrade data source: DataSource '{types.quoted(old.name)[1:-1]}'"
        if old.topic != new.topic:
            raise KsqlStatementError(
                f"{prefix} has topic = {old.topic} which cannot be upgraded to topic = {new.topic}"
            )
        pairs = zip_longest(old.schema.value, new.schema.value[: len(old.schema.value)])
        missing = [one for one in old.schema.key if one not in new.schema.key]
        missing += [one for one, other in pairs if one != other]
        if missing or old.schema.key != new.schema.key:
            listed = ", ".join(map(str, missing))
            raise KsqlStatementError(
                f"{prefix} has schema = {old.schema} which cannot be upgraded to schema = {new.schema}. "
                f"The following columns are changed, missing or reordered: [{listed}]"
            )

    def _check_topic(self, tree: st.CreateSource, topic: str) -> None:
        if self.engine.topics.partitions(topic) is not None or "PARTITIONS" in tree.properties:
            return
        example = replace(tree, properties={**tree.properties, "PARTITIONS": ex.IntegerLiteral(2)})
        raise KsqlStatementError(
            f"Topic '{topic}' does not exist. If you want to create a new topic for the stream/table please re-run the "
            "statement providing the required 'PARTITIONS' configuration in the WITH clause (and optionally "
            f"'REPLICAS'). For example: {format_statement(example)}",
            error_code=BAD_REQUEST,
        )

    def _create_topic(self, topic: str, properties: st.Properties, policy: str) -> None:
        partitions = sources.int_property(properties, "PARTITIONS")
        if partitions is None or self.engine.topics.partitions(topic) is not None:
            return
        config = {"cleanup.policy": sources.text_property(properties, "CLEANUP_POLICY") or policy}
        retention = sources.int_property(properties, "RETENTION_MS")
        if retention is not None and "delete" in config["cleanup.policy"]:
            config["retention.ms"] = str(retention)
        self.engine.topics.create(topic, partitions, sources.int_property(properties, "REPLICAS") or 1, config)

    def _register_schemas(self, source: Source) -> None:
        """The columns of a new source become the first schema of its topic, where that has none."""
        for is_key, columns in ((True, source.schema.key), (False, source.schema.value)):
            target = target_of(source, self.engine.schemas, is_key)
            spec = source.key_format if is_key else source.value_format
            if not find_format(spec.name).needs_registry or not columns or "schema_id" in spec.properties:
                continue
            if self.engine.schemas.latest(target.subject) is None:
                find_format(spec.name).encoder(target)

    def _materialise(self, source: Source, text: str) -> Outcome:
        """CREATE SOURCE TABLE: a query that only keeps the table, so that it can be read by key."""
        query = execution.materialising_query(self.engine, source, f"CST_{source.name}_{self.number}", self.properties)
        self.metastore.queries[query.id] = query
        return QueryStarted(text, f"Created query with ID {query.id}", query, source)

    # --- CREATE … AS SELECT --------------------------------------------------------------------------------------

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
        resolved = execution.resolved(self.engine, statement, tree.query)
        try:
            sources.check_names(tree.properties, sources.AS_PROPERTIES)
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
            plan = execution.plan(self.engine, resolved, self.properties, tree.name)
            self._check_kind(tree, plan, text)
        except KsqlStatementError as error:
            raise KsqlStatementError(_UNDETERMINED + error.message, text, error.error_code) from None
        execution.check_storable(self.engine, plan)
        sink = self._in(canonical, lambda: self._sink(canonical, tree.properties, resolved, plan))
        sink = replace(sink, statement_text=text)
        prefix = "CSAS" if tree.kind == "STREAM" else "CTAS"
        query_id = f"{prefix}_{tree.name}_{self.number}"
        query = execution.persistent_query(self.engine, query_id, text, plan, sink, self.properties)
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
        topic = sources.text_property(given, "KAFKA_TOPIC")
        if topic is None:
            topic = str(self.properties.get("ksql.output.topic.name.prefix", "")) + tree.name
        properties: dict[str, ex.Expression] = dict(given)
        properties["KAFKA_TOPIC"] = ex.StringLiteral(topic)
        partitions = self.engine.topics.partitions(topic)
        if "PARTITIONS" not in properties:
            count = partitions or self.engine.topics.partitions(left.topic) or 1
            properties["PARTITIONS"] = ex.IntegerLiteral(int(self.properties.get("ksql.sink.partitions", count)))
        if "REPLICAS" not in properties:
            replicas = self.engine.topics.replicas(topic) or self.engine.topics.replicas(left.topic) or 1
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
        sources.check_nested_keys(schema)
        as_given = format_statement(replace(tree, properties=given)).removesuffix(";")
        sources.check_formats(schema, key, value, f"\nStatement: {as_given}")
        sources.check_registered(tree.name, schema, key, value, self.engine.schemas)
        if "wrap" in value.properties and "WRAP_SINGLE_VALUE" in tree.properties and len(schema.value) != 1:
            raise KsqlStatementError("'WRAP_SINGLE_VALUE' is only valid for single-field value schemas")
        return Source(
            tree.name,
            SourceKind[tree.kind],
            schema,
            sources.text_property(tree.properties, "KAFKA_TOPIC") or tree.name,
            key,
            value,
            root.window,
            sources.timestamp_spec(tree.properties, schema),
            created_as=True,
        )

    def _sink_formats(self, tree: st.CreateAs, left: Source, schema: Schema) -> tuple[FormatSpec, FormatSpec]:
        given = tree.properties
        both = sources.text_property(given, "FORMAT")
        key_name = both or sources.text_property(given, "KEY_FORMAT")
        value_name = both or sources.text_property(given, "VALUE_FORMAT")
        if key_name is None:
            default = self.properties.get(sources.DEFAULT_KEY_FORMAT) or "KAFKA"
            key_name = left.key_format.name if left.key_format.name != "NONE" or not schema.key else default
        if value_name is None:
            value_name = left.value_format.name
        if not schema.key and "KEY_FORMAT" not in given and both is None:
            key_name = left.key_format.name
        key = sources.format_spec(given, key_name.upper(), "KEY", self.properties)
        value = sources.format_spec(given, value_name.upper(), "VALUE", self.properties)
        return _inherit(key, left.key_format), _inherit(value, left.value_format)

    # --- INSERT INTO … SELECT ------------------------------------------------------------------------------------

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
        resolved = execution.resolved(self.engine, statement, tree.query)
        try:
            plan = execution.plan(self.engine, resolved, self.properties, tree.target)
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
        given = sources.text_property(tree.properties, "QUERY_ID")
        query_id = given.upper() if given else f"INSERTQUERY_{self.number}"
        return execution.persistent_query(self.engine, query_id, statement.text, plan, sink, self.properties)

    # --- ALTER and DROP --------------------------------------------------------------------------------------------

    def alter_source(self, statement: PreparedStatement, tree: st.AlterSource) -> Outcome:
        source = self.metastore.sources.get(tree.name)
        if source is None:
            raise KsqlStatementError(f"Source {tree.name} does not exist.", statement.text)
        if source.kind.value != tree.kind:
            raise KsqlStatementError(
                f"Incompatible data source type is {source.kind.value}, but statement was ALTER {tree.kind}",
                statement.text,
            )
        if source.read_only:
            kind = tree.kind.lower()
            raise KsqlStatementError(
                f"Cannot alter {kind} '{tree.name}': ALTER operations are not supported on source {kind}s.",
                statement.text,
            )
        if source.created_as:
            raise KsqlStatementError("ALTER command is not supported for CREATE ... AS statements.", statement.text)
        columns = list(source.schema.columns)
        for one in tree.columns:
            if any(column.name == one.name for column in columns):
                raise KsqlStatementError(
                    f"Cannot add column {types.quoted(one.name)} to schema. "
                    "A column with the same name already exists.",
                    statement.text,
                )
            columns.append(Column(one.name, one.type))
        changed = replace(source, schema=Schema(tuple(columns)))
        self.metastore.sources[tree.name] = changed
        kind = "Stream" if tree.kind == "STREAM" else "Table"
        return SourceCreated(statement.text, f"{kind} {tree.name} altered successfully.", changed)

    def drop_source(self, statement: PreparedStatement, tree: st.DropSource) -> Outcome:
        source = self.metastore.sources.get(tree.name)
        if source is None:
            if tree.if_exists:
                return NothingDone(statement.text, f"Source {types.quoted(tree.name)} does not exist.")
            kind = "Stream" if tree.kind == "STREAM" else "Table"
            raise KsqlStatementError(f"{kind} {tree.name} does not exist.", statement.text)
        if source.kind.value != tree.kind:
            raise KsqlStatementError(
                f"Incompatible data source type is {source.kind.value.lower()}, "
                f"but statement was DROP {tree.kind.lower()}",
                statement.text,
            )
        if source.read_only and tree.delete_topic:
            raise KsqlStatementError(f"Cannot delete topic for read-only source: {tree.name}", statement.text)
        self._refuse_drop(source, statement)
        own = tuple(
            query.id
            for query in self.metastore.queries.values()
            if query.id.startswith(_CREATED_AS)
            and (query.sink.name == tree.name if query.sink is not None else query.sources == (tree.name,))
        )
        for query_id in own:
            del self.metastore.queries[query_id]
        del self.metastore.sources[tree.name]
        if tree.delete_topic:
            self.engine.topics.delete(source.topic)
            for side, spec in (("key", source.key_format), ("value", source.value_format)):
                if find_format(spec.name).needs_registry:
                    self.engine.schemas.delete(f"{source.topic}-{side}")
        text = format_statement(replace(tree, delete_topic=False))
        message = f"Source {types.quoted(tree.name)} (topic: {source.topic}) was dropped."
        return SourceDropped(text, message, tree.name, own)

    def _refuse_drop(self, source: Source, statement: PreparedStatement) -> None:
        name = source.name
        readers = [query for query in self.metastore.readers(name) if query.sink is None or query.sink.name != name]
        reading = [query.id for query in readers if not query.id.startswith(_CREATED_AS)]
        writing = [query.id for query in self.metastore.writers(name) if query.id.startswith("INSERTQUERY")]
        if reading or writing:
            raise KsqlStatementError(
                f"Cannot drop {name}.\nThe following queries read from this source: [{', '.join(reading)}].\n"
                f"The following queries write into this source: [{', '.join(writing)}].\n"
                f"You need to terminate them before dropping {name}.",
                statement.text,
            )
        dependents = sorted({query.sink.name for query in readers if query.sink and query.sink.created_as})
        if dependents:
            raise KsqlStatementError(
                f"Cannot drop {name}.\nThe following streams and/or tables read from this source: "
                f"[{', '.join(dependents)}].\nYou need to drop them before dropping {name}.",
                statement.text,
            )


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

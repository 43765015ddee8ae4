"""CREATE STREAM and CREATE TABLE over a topic."""

from __future__ import annotations

from dataclasses import replace

from pocket_ksql import execution
from pocket_ksql.codegen.sources import target_of
from pocket_ksql.definitions.base import Definer
from pocket_ksql.errors import BAD_REQUEST, KsqlStatementError
from pocket_ksql.formats import find_format
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.language.formatter import format_statement
from pocket_ksql.outcomes import Outcome, QueryStarted, SourceCreated
from pocket_ksql.planner import sources, with_clause
from pocket_ksql.prepared import PreparedStatement
from pocket_ksql.source import Source


class Declared(Definer):
    """Definitions by columns, or by a schema of the registry."""

    def create_source(self, statement: PreparedStatement, tree: st.CreateSource) -> Outcome:
        existing = self._existing(tree)
        if existing is not None:
            return replace(existing, statement_text=statement.text)
        try:
            with_clause.check_names(tree.properties, with_clause.SOURCE_PROPERTIES)
            key_format, value_format = with_clause.format_names(tree.properties, self.properties)
            topic = with_clause.topic_of(tree)
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
        source = self._in(tree, lambda: sources.build_source(tree, self.properties, self.world.schemas))
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

    def _check_topic(self, tree: st.CreateSource, topic: str) -> None:
        if self.world.topics.partitions(topic) is not None or "PARTITIONS" in tree.properties:
            return
        example = replace(tree, properties={**tree.properties, "PARTITIONS": ex.IntegerLiteral(2)})
        raise KsqlStatementError(
            f"Topic '{topic}' does not exist. If you want to create a new topic for the stream/table please re-run the "
            "statement providing the required 'PARTITIONS' configuration in the WITH clause (and optionally "
            f"'REPLICAS'). For example: {format_statement(example)}",
            error_code=BAD_REQUEST,
        )

    def _register_schemas(self, source: Source) -> None:
        """The columns of a new source become the first schema of its topic, where that has none."""
        for is_key, columns in ((True, source.schema.key), (False, source.schema.value)):
            target = target_of(source, self.world.schemas, is_key)
            spec = source.key_format if is_key else source.value_format
            if not find_format(spec.name).needs_registry or not columns or "schema_id" in spec.properties:
                continue
            if self.world.schemas.latest(target.subject) is None:
                find_format(spec.name).encoder(target)

    def _materialise(self, source: Source, text: str) -> Outcome:
        """CREATE SOURCE TABLE: a query that only keeps the table, so that it can be read by key."""
        query = execution.materialising_query(self.world, source, f"CST_{source.name}_{self.number}", self.properties)
        self.metastore.queries[query.id] = query
        return QueryStarted(text, f"Created query with ID {query.id}", query, source)

"""ALTER and DROP of streams and tables."""

from __future__ import annotations

from dataclasses import replace

from pocket_ksql import types
from pocket_ksql.definitions.base import Definer
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.formats import find_format
from pocket_ksql.language import statements as st
from pocket_ksql.language.formatter import format_statement
from pocket_ksql.outcomes import NothingDone, Outcome, SourceCreated, SourceDropped
from pocket_ksql.planner.source_schema import check_formats
from pocket_ksql.prepared import PreparedStatement
from pocket_ksql.schema import SYSTEM_COLUMNS, Column, Schema
from pocket_ksql.source import Source

_CREATED_AS = ("CSAS_", "CTAS_", "CST_")


class Changed(Definer):
    """Changes of what is defined."""

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
            if one.name in SYSTEM_COLUMNS:
                raise KsqlStatementError(
                    f"'{one.name}' is a reserved column name. You cannot use it as a name for a column.",
                    statement.text,
                )
            if any(column.name == one.name for column in columns):
                raise KsqlStatementError(
                    f"Cannot add column {types.quoted(one.name)} to schema. "
                    "A column with the same name already exists.",
                    statement.text,
                )
            columns.append(Column(one.name, one.type))
        changed = replace(source, schema=Schema(tuple(columns)))
        try:
            check_formats(changed.schema, changed.key_format, changed.value_format)
        except KsqlStatementError as error:
            raise KsqlStatementError(error.message, statement.text) from None
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
            self.world.topics.delete(source.topic)
            for side, spec in (("key", source.key_format), ("value", source.value_format)):
                if find_format(spec.name).needs_registry:
                    self.world.schemas.delete(f"{source.topic}-{side}")
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

"""CREATE STREAM and CREATE TABLE to a source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import statements as st
from pocket_ksql.planner.source_schema import check_formats, check_nested_keys, declared_schema, inferred_schema
from pocket_ksql.planner.with_clause import (
    format_names,
    format_spec,
    timestamp_spec,
    topic_of,
    window_of,
)
from pocket_ksql.services import Schemas
from pocket_ksql.source import Source, SourceKind


def build_source(
    statement: st.CreateSource, settings: Mapping[str, Any], schemas: Schemas, infer: bool = True
) -> Source:
    """The source that a CREATE statement defines; raises ``KsqlStatementError`` where it must not be."""
    properties = statement.properties
    topic = topic_of(statement)
    key_name, value_name = format_names(properties, settings)
    if key_name == "NONE" and statement.kind == "TABLE":
        raise KsqlStatementError("The key format 'NONE' is not supported for tables.")
    schema = declared_schema(statement)
    key = format_spec(properties, key_name, "KEY", settings)
    value = format_spec(properties, value_name, "VALUE", settings)
    if infer:
        for side, spec, columns in (("KEY", key, schema.key), ("VALUE", value, schema.value)):
            if columns and "schema_id" in spec.properties:
                raise KsqlStatementError(f"Table elements and {side}_SCHEMA_ID cannot both exist for create statement.")
        schema = inferred_schema(schema, topic, key, value, schemas)
    if not schema.columns:
        raise KsqlStatementError("No columns supplied.")
    if statement.kind == "TABLE" and not schema.key:
        raise KsqlStatementError("Tables require a PRIMARY KEY. Please define the PRIMARY KEY.")
    if window_of(properties) is not None and not schema.key:
        raise KsqlStatementError("Windowed sources require a key column.")
    if key_name == "NONE" and schema.key:
        check_formats(schema, key, value)
    if "WRAP_SINGLE_VALUE" in properties and len(schema.value) != 1:
        raise KsqlStatementError("'WRAP_SINGLE_VALUE' is only valid for single-field value schemas")
    check_nested_keys(schema)
    check_formats(schema, key, value)
    return Source(
        statement.name,
        SourceKind[statement.kind],
        schema,
        topic,
        key,
        value,
        window_of(properties),
        timestamp_spec(properties, schema),
        statement.read_only,
    )

"""The schema of a stream or table: columns as declared or as the registry has them; what its formats can hold."""

from __future__ import annotations

from dataclasses import replace

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.formats import find_format
from pocket_ksql.formats.base import Target, nested_types
from pocket_ksql.language import statements as st
from pocket_ksql.schema import SYSTEM_COLUMNS, Column, Place, Schema
from pocket_ksql.services import Schemas
from pocket_ksql.source import FormatSpec


def declared_schema(statement: st.CreateSource) -> Schema:
    """The columns as declared, key columns first; names and kinds of keys checked."""
    columns: list[Column] = []
    for one in statement.columns:
        if one.name in SYSTEM_COLUMNS:
            raise KsqlStatementError(
                f"'{one.name}' is a reserved column name. You cannot use it as a name for a column."
            )
        if any(other.name == one.name for other in columns):
            raise KsqlStatementError(f"Duplicate column names: {one.name}")
        _check_key(statement, one)
        _check_header(statement, one)
        columns.append(Column(one.name, one.type, one.place, one.header))
    if sum(1 for column in columns if column.place is Place.HEADERS and column.header is None) > 1:
        raise KsqlStatementError("Schema already contains a HEADERS column.")
    if any(one.place is Place.HEADERS and one.header is None for one in columns) and any(
        one.place is Place.HEADERS and one.header is not None for one in columns
    ):
        raise KsqlStatementError("Schema already contains a HEADERS column.")
    named = [one.header for one in columns if one.header is not None]
    for header in named:
        if named.count(header) > 1:
            raise KsqlStatementError(f"Schema already contains a HEADER('{header}') column.")
    ordered = [one for one in columns if one.place is Place.KEY] + [
        one for one in columns if one.place is not Place.KEY
    ]
    return Schema(tuple(ordered))


_KEYS = (
    "\nTables have PRIMARY KEYs, which are unique and NON NULL."
    "\nStreams have KEYs, which have no uniqueness or NON NULL constraints."
)


def _check_key(statement: st.CreateSource, column: st.ColumnDefinition) -> None:
    if column.place is not Place.KEY:
        return
    if statement.kind == "TABLE" and not column.primary:
        raise KsqlStatementError(
            f"{_place(column)}Column {types.quoted(column.name)} is a 'KEY' column: "
            f"please use 'PRIMARY KEY' for tables.{_KEYS}"
        )
    if statement.kind == "STREAM" and column.primary:
        raise KsqlStatementError(
            f"{_place(column)}Column {types.quoted(column.name)} is a 'PRIMARY KEY' column: "
            f"please use 'KEY' for streams.{_KEYS}"
        )


def _place(column: st.ColumnDefinition) -> str:
    return f"Line: {column.location.line}, Col: {column.location.column}: " if column.location else ""


_HEADERS_TYPE = types.Array(types.Struct((("KEY", types.STRING), ("VALUE", types.BYTES))))


def _check_header(statement: st.CreateSource, column: st.ColumnDefinition) -> None:
    if column.place is not Place.HEADERS:
        return
    if column.header is None and column.type != _HEADERS_TYPE:
        raise KsqlStatementError(
            f"Invalid type for HEADERS column: expected ARRAY<STRUCT<`KEY` STRING, `VALUE` BYTES>>, got {column.type}"
        )
    if column.header is not None and column.type != types.BYTES:
        raise KsqlStatementError(
            f"Invalid type for HEADER('{column.header}') column: expected BYTES, got {column.type}"
        )


def inferred_schema(schema: Schema, topic: str, key: FormatSpec, value: FormatSpec, schemas: Schemas) -> Schema:
    """``schema`` with the side that declares no columns taken from the registry."""
    columns = list(schema.columns)
    if not schema.value and find_format(value.name).needs_registry:
        columns += _infer(topic, value, schemas, is_key=False)
    if not schema.key and find_format(key.name).needs_registry:
        columns = _infer(topic, key, schemas, is_key=True) + columns
    return replace(schema, columns=tuple(columns))


def _infer(topic: str, spec: FormatSpec, schemas: Schemas, is_key: bool) -> list[Column]:
    wrapped = not is_key and spec.properties.get("wrap", "true") == "true"
    target = Target(topic, (), schemas, is_key, wrapped, spec.properties)
    schema_id = spec.properties.get("schema_id")
    found = schemas.latest(target.subject) if schema_id is None else schemas.by_id(int(schema_id))
    side = "keys" if is_key else "values"
    if found is None:
        raise KsqlStatementError(
            f"Schema for message {side} on topic '{topic}' does not exist in the Schema Registry.\n"
            f"Subject: {target.subject}\nPossible causes include:\n- The topic itself does not exist"
        )
    wanted, _, _ = spec.name.partition("_")  # JSON_SR keeps JSON Schemas
    if found.kind != wanted:
        suggested = "JSON_SR" if found.kind == "JSON" else found.kind
        raise KsqlStatementError(
            f"{'Key' if is_key else 'Value'} schema is not in the expected format. You may want to set "
            f"{'KEY' if is_key else 'VALUE'}_FORMAT to '{suggested}'.\n"
            f"topic: {topic}\nexpected format: {wanted}\nactual format: {found.kind}"
        )
    return list(find_format(spec.name).infer(target, found))


def check_registered(topic: str, schema: Schema, key: FormatSpec, value: FormatSpec, schemas: Schemas) -> None:
    """Refuse columns that do not begin the registered schema which a sink is to be written by."""
    for what, spec, columns in (("key", key, schema.key), ("value", value, schema.value)):
        if "schema_id" not in spec.properties:
            continue
        known = [(one.name, one.type) for one in _infer(topic, spec, schemas, is_key=what == "key")]
        found = [(one.name, one.type) for one in columns]
        if found != known[: len(found)]:
            wrong = [one for index, one in enumerate(found) if one != (known[index] if index < len(known) else None)]
            shown, registered = (
                ", ".join(f"{types.quoted(name)} {of}" for name, of in side) for side in (wrong, known)
            )
            raise KsqlStatementError(
                f"The following {what} columns are changed, missing or reordered: [{shown}]. "
                f"Schema from schema registry is [{registered}]"
            )


def check_formats(schema: Schema, key: FormatSpec, value: FormatSpec, statement: str = "") -> None:
    """Raise ``KsqlStatementError`` if a format cannot hold its columns; ``statement`` ends the message."""
    for side, spec, columns in (("Key", key, schema.key), ("Value", value, schema.value)):
        try:
            find_format(spec.name).check(columns, is_key=side == "Key")
        except KsqlStatementError as error:
            listed = ", ".join(map(str, columns))
            raise KsqlStatementError(
                f"{side} format does not support schema.\nformat: {spec.name}\nschema: "
                f"Persistence{{columns=[{listed}], features=[]}}\nreason: {error.message}{statement}",
                error.statement_text,
            ) from None


def check_nested_keys(schema: Schema) -> None:
    """Maps cannot be part of a key."""
    for column in schema.key:
        if any(isinstance(one, types.Map) for one in nested_types(column.type)):
            raise KsqlStatementError(
                "Map keys, including types that contain maps, are not supported as they may lead to unexpected "
                f"behavior due to inconsistent serialization. Key column name: {types.quoted(column.name)}. "
                f"Column type: {column.type}. See https://github.com/confluentinc/ksql/issues/6621 for more."
            )

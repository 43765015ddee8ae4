"""CREATE STREAM and CREATE TABLE: columns to a schema, WITH properties to formats, time and topic; all checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.formats import find_format
from pocket_ksql.formats.base import Target
from pocket_ksql.functions.patterns import split_pattern
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.schema import SYSTEM_COLUMNS, Column, Place, Schema
from pocket_ksql.services import Schemas
from pocket_ksql.source import FormatSpec, KeyWindow, Source, SourceKind, TimestampSpec, WindowKind

SOURCE_PROPERTIES = frozenset(
    [
        "KAFKA_TOPIC",
        "PARTITIONS",
        "REPLICAS",
        "RETENTION_MS",
        "CLEANUP_POLICY",
        "FORMAT",
        "KEY_FORMAT",
        "VALUE_FORMAT",
        "TIMESTAMP",
        "TIMESTAMP_FORMAT",
        "WRAP_SINGLE_VALUE",
        "WINDOW_TYPE",
        "WINDOW_SIZE",
        "KEY_DELIMITER",
        "VALUE_DELIMITER",
        "KEY_SCHEMA_ID",
        "VALUE_SCHEMA_ID",
        "KEY_SCHEMA_FULL_NAME",
        "VALUE_SCHEMA_FULL_NAME",
        "VALUE_AVRO_SCHEMA_FULL_NAME",
        "KEY_PROTOBUF_NULLABLE_REPRESENTATION",
        "VALUE_PROTOBUF_NULLABLE_REPRESENTATION",
        "SOURCED_BY_CONNECTOR",
    ]
)
AS_PROPERTIES = SOURCE_PROPERTIES - {"WINDOW_TYPE", "WINDOW_SIZE", "SOURCED_BY_CONNECTOR"}
INSERT_PROPERTIES = frozenset({"QUERY_ID"})
DEFAULT_KEY_FORMAT = "ksql.persistence.default.format.key"
DEFAULT_VALUE_FORMAT = "ksql.persistence.default.format.value"
WRAP_SINGLE = "ksql.persistence.wrap.single.values"


def literal(expression: ex.Expression) -> Any:
    """The value of a property's literal."""
    return getattr(expression, "value", None)


def check_names(properties: st.Properties, known: frozenset[str]) -> None:
    """Refuse properties that do not exist."""
    unknown = [name for name in properties if name not in known]
    if unknown:
        raise KsqlStatementError(
            f"Failed to prepare statement: Invalid config variable(s) in the WITH clause: {','.join(sorted(unknown))}"
        )


def text_property(properties: st.Properties, name: str) -> str | None:
    value = properties.get(name)
    return None if value is None else str(literal(value))


def int_property(properties: st.Properties, name: str) -> int | None:
    """A number, or text that is one."""
    value = text_property(properties, name)
    if value is None:
        return None
    try:
        return int(value)
    except ValueError:
        raise KsqlStatementError(f"Invalid value {value} for configuration {name}: Not a number of type INT") from None


def topic_of(statement: st.CreateSource) -> str:
    topic = text_property(statement.properties, "KAFKA_TOPIC")
    if topic is None:
        raise KsqlStatementError('Missing required property "KAFKA_TOPIC" which has no default value.')
    return topic


def format_names(properties: st.Properties, settings: Mapping[str, Any]) -> tuple[str, str]:
    """Names of the key's and the value's format, by the statement or the defaults."""
    both = text_property(properties, "FORMAT")
    key, value = text_property(properties, "KEY_FORMAT"), text_property(properties, "VALUE_FORMAT")
    if both is not None and (key is not None or value is not None):
        other = "KEY_FORMAT" if key is not None else "VALUE_FORMAT"
        raise KsqlStatementError(f"Cannot supply both '{other}' and 'FORMAT' properties, as 'FORMAT' sets both key and "
                                 "value formats. Either use just 'FORMAT', or use 'KEY_FORMAT' "
                                 "and 'VALUE_FORMAT'.")  # fmt: skip
    key = both or key or settings.get(DEFAULT_KEY_FORMAT) or "KAFKA"
    value = both or value or settings.get(DEFAULT_VALUE_FORMAT)
    if value is None:
        raise KsqlStatementError(
            "Statement is missing the 'VALUE_FORMAT' property from the WITH clause. Either provide one or set a "
            "default via the 'ksql.persistence.default.format.value' config."
        )
    return key.upper(), value.upper()


def format_spec(properties: st.Properties, name: str, side: str, settings: Mapping[str, Any]) -> FormatSpec:
    """A format with the properties that ``side`` (KEY or VALUE) gives it."""
    found = find_format(name)
    given: dict[str, str] = {}
    delimiter = text_property(properties, f"{side}_DELIMITER")
    if delimiter is not None:
        if name != "DELIMITED":
            raise KsqlStatementError(f"{name} does not support the following configs: [delimiter]")
        if not delimiter.strip():
            raise KsqlStatementError(
                f"Failed to prepare statement: Configuration {side}_DELIMITER is invalid: Delimiter cannot be empty, "
                "if you meant to have a tab or space for delimiter, please use the special values 'TAB' or 'SPACE'"
                "\nExample valid value: ';'"
            )
        if len(delimiter) > 1 and delimiter.upper() not in ("SPACE", "TAB"):
            raise KsqlStatementError(f"Invalid delimiter value: '{delimiter}'. "
                                     "A delimiter must be a single character or one of SPACE,TAB.")  # fmt: skip
        given["delimiter"] = delimiter
    full_name = text_property(properties, f"{side}_SCHEMA_FULL_NAME")
    if full_name is None and side == "VALUE":
        full_name = text_property(properties, "VALUE_AVRO_SCHEMA_FULL_NAME")
    if full_name is not None:
        if name not in ("AVRO", "PROTOBUF", "PROTOBUF_NOSR", "JSON_SR"):
            raise KsqlStatementError(f"{name} does not support the following configs: [fullSchemaName]")
        if full_name.strip() == "":
            raise KsqlStatementError("fullSchemaName cannot be empty. Format configuration: {fullSchemaName=}")
        given["full_schema_name"] = full_name
    schema_id = int_property(properties, f"{side}_SCHEMA_ID")
    if schema_id is not None:
        if not found.needs_registry:
            raise KsqlStatementError(f"{side} format should support schema inference when {side}_SCHEMA_ID is "
                                     "provided. "
                                     f"Current format is {name}.")  # fmt: skip
        given["schema_id"] = str(schema_id)
    nullable = text_property(properties, f"{side}_PROTOBUF_NULLABLE_REPRESENTATION")
    if nullable is not None:
        given["nullable"] = nullable.upper()
    if side == "VALUE":
        wrap = (text_property(properties, "WRAP_SINGLE_VALUE") or "").lower()
        if (wrap == "true" and not found.can_wrap) or (wrap == "false" and not found.can_unwrap):
            raise KsqlStatementError(f"Format '{name}' does not support 'WRAP_SINGLE_VALUE' set to '{wrap}'.")
        default = str(settings.get(WRAP_SINGLE, "true")).lower()
        if found.can_wrap and found.can_unwrap and (wrap or default == "false"):
            given["wrap"] = wrap or default
    return FormatSpec(name, given)


def timestamp_spec(properties: st.Properties, schema: Schema) -> TimestampSpec | None:
    """The TIMESTAMP column with its pattern; its type decides whether a pattern is needed."""
    name = text_property(properties, "TIMESTAMP")
    pattern = text_property(properties, "TIMESTAMP_FORMAT")
    if name is None:
        return None
    name = _identifier(name)
    column = schema.find(name)
    if column is None:
        raise KsqlStatementError(f"The TIMESTAMP column set in the WITH clause does not exist in the schema: '{name}'")
    if column.type == types.STRING:
        if pattern is None:
            raise KsqlStatementError(
                "A String timestamp field has been specified without also specifying the TIMESTAMP_FORMAT"
            )
        try:
            split_pattern(pattern)
        except ValueError as error:
            raise KsqlStatementError(f"Invalid date pattern: {error}") from None
    elif column.type in (types.BIGINT, types.TIMESTAMP):
        if pattern is not None:
            raise KsqlStatementError("'TIMESTAMP_FORMAT' set in the WITH clause can only be used when the timestamp "
                                     "column is of type STRING.")  # fmt: skip
    else:
        raise KsqlStatementError(
            f"Timestamp column, `{name}`, should be LONG(INT64), TIMESTAMP, or a String with a 'timestamp_format' "
            "specified."
        )
    return TimestampSpec(name, pattern)


def _identifier(text: str) -> str:
    return text[1:-1] if text.startswith("`") and text.endswith("`") else text.upper()


def window_of(properties: st.Properties) -> KeyWindow | None:
    """The window of a source's keys by WINDOW_TYPE and WINDOW_SIZE."""
    kind = text_property(properties, "WINDOW_TYPE")
    size = text_property(properties, "WINDOW_SIZE")
    if kind is None:
        return None
    try:
        found = WindowKind[kind.upper()]
    except KeyError:
        raise KsqlStatementError(
            f"Invalid value {kind} for property WINDOW_TYPE: String must be one of: SESSION, HOPPING, TUMBLING, null"
        ) from None
    if found is WindowKind.SESSION:
        if size is not None:
            raise KsqlStatementError("'WINDOW_SIZE' should not be set for SESSION windows.")
        return KeyWindow(found)
    if size is None:
        raise KsqlStatementError(
            f"{found.value} windows require 'WINDOW_SIZE' to be provided in the WITH clause. "
            "For example: 'WINDOW_SIZE'='10 SECONDS'"
        )
    return KeyWindow(found, _milliseconds(size))


def _milliseconds(text: str) -> int:
    parts = text.split()
    unit = parts[1].upper() if len(parts) == 2 else ""
    unit = unit if unit.endswith("S") else unit + "S"
    if not parts or not parts[0].isdigit() or unit not in st.MILLISECONDS:
        raise KsqlStatementError(
            f"Error in WITH clause property 'WINDOW_SIZE': Invalid duration: '{text}'. Duration must be a whole number "
            "and a unit, for example '10 SECONDS'."
        )
    return int(parts[0]) * st.MILLISECONDS[unit]


# --- the schema ------------------------------------------------------------------------------------------------


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
        if is_key and schema_id is None:
            return []
        raise KsqlStatementError(
            f"Schema for message {side} on topic '{topic}' does not exist in the Schema Registry.\n"
            f"Subject: {target.subject}\nPossible causes include:\n- The topic itself does not exist"
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
    if "wrap" in value.properties and text_property(properties, "WRAP_SINGLE_VALUE") and len(schema.value) != 1:
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
    from pocket_ksql.formats.base import nested_types

    for column in schema.key:
        if any(isinstance(one, types.Map) for one in nested_types(column.type)):
            raise KsqlStatementError(
                "Map keys, including types that contain maps, are not supported as they may lead to unexpected "
                f"behavior due to inconsistent serialization. Key column name: {types.quoted(column.name)}. "
                f"Column type: {column.type}. See https://github.com/confluentinc/ksql/issues/6621 for more."
            )

"""WITH: its properties to topic, formats, time and window; all checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.formats import find_format
from pocket_ksql.functions.pattern_reader import compile_fields
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.schema import Schema
from pocket_ksql.source import FormatSpec, KeyWindow, TimestampSpec, WindowKind

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


def given_formats(properties: st.Properties) -> tuple[str | None, str | None, str | None]:
    """FORMAT, KEY_FORMAT and VALUE_FORMAT; the first goes with neither of the others."""
    both = text_property(properties, "FORMAT")
    key, value = text_property(properties, "KEY_FORMAT"), text_property(properties, "VALUE_FORMAT")
    if both is not None and (key is not None or value is not None):
        other = "KEY_FORMAT" if key is not None else "VALUE_FORMAT"
        raise KsqlStatementError(f"Cannot supply both '{other}' and 'FORMAT' properties, as 'FORMAT' sets both key and "
                                 "value formats. Either use just 'FORMAT', or use 'KEY_FORMAT' "
                                 "and 'VALUE_FORMAT'.")  # fmt: skip
    return both, key, value


def format_names(properties: st.Properties, settings: Mapping[str, Any]) -> tuple[str, str]:
    """Names of the key's and the value's format, by the statement or the defaults."""
    both, key, value = given_formats(properties)
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
        if not name.startswith("PROTOBUF"):
            raise KsqlStatementError(f"{name} does not support the following configs: [nullableRepresentation]")
        if nullable.upper() not in ("OPTIONAL", "WRAPPER"):
            raise KsqlStatementError(
                f"Invalid value {nullable} for property {side}_PROTOBUF_NULLABLE_REPRESENTATION: "
                "String must be one of: OPTIONAL, WRAPPER, null"
            )
        given["nullable"] = nullable.upper()
    if side == "VALUE":
        wrap = (text_property(properties, "WRAP_SINGLE_VALUE") or "").lower()
        if wrap not in ("", "true", "false"):
            raise KsqlStatementError(
                f"Invalid value {wrap} for configuration WRAP_SINGLE_VALUE: Expected value to be either true or false"
            )
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
            compile_fields(pattern)
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
    if not parts or not parts[0].isdigit() or unit not in st.LENGTHS:
        raise KsqlStatementError(
            f"Error in WITH clause property 'WINDOW_SIZE': Invalid duration: '{text}'. Duration must be a whole number "
            "and a unit, for example '10 SECONDS'."
        )
    return int(parts[0]) * st.MILLISECONDS[unit]

"""JSON Schema: the schema of columns, and the columns of a schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.formats import json_unions
from pocket_ksql.formats.base import Target
from pocket_ksql.schema import Column, Place
from pocket_ksql.types import SqlType

Coercion = Callable[[Any], Any]


_SCHEMA_TYPES: dict[str, dict[str, Any]] = {
    "BOOLEAN": {"type": "boolean"},
    "INTEGER": {"type": "integer", "connect.type": "int32"},
    "BIGINT": {"type": "integer", "connect.type": "int64"},
    "DOUBLE": {"type": "number", "connect.type": "float64"},
    "STRING": {"type": "string"},
    "BYTES": {"type": "string", "connect.type": "bytes"},
    "TIME": {"type": "integer", "title": "org.apache.kafka.connect.data.Time", "connect.type": "int32"},
    "DATE": {"type": "integer", "title": "org.apache.kafka.connect.data.Date", "connect.type": "int32"},
    "TIMESTAMP": {"type": "integer", "title": "org.apache.kafka.connect.data.Timestamp", "connect.type": "int64"},
}


def _schema(of: SqlType) -> dict[str, Any]:
    match of:
        case types.Decimal(precision, scale):
            return {
                "type": "number",
                "title": "org.apache.kafka.connect.data.Decimal",
                "connect.version": 1,
                "connect.parameters": {"scale": str(scale), "connect.decimal.precision": str(precision)},
                "connect.type": "bytes",
            }
        case types.Array(item):
            return {"type": "array", "items": _optional(item)}
        case types.Map(_, value):
            return {"type": "object", "additionalProperties": _optional(value), "connect.type": "map"}
        case types.Struct(fields):
            properties = {name: {"connect.index": index, **_optional(one)} for index, (name, one) in enumerate(fields)}
            return {"type": "object", "properties": properties}
    return _SCHEMA_TYPES[of.base()]


def _optional(of: SqlType) -> dict[str, Any]:
    branches = [one for _, one in of.fields] if isinstance(of, types.Struct) and json_unions.is_union(of) else [of]
    return {"oneOf": [{"type": "null"}, *map(_schema, branches)]}


def json_schema(target: Target) -> str:
    """The JSON Schema that is registered for ``target``."""
    if not target.wrapped and len(target.columns) == 1:
        return json.dumps(_schema(target.columns[0].type))
    return json.dumps(_schema(types.Struct(tuple((column.name, column.type) for column in target.columns))))


_FROM_CONNECT: dict[str, SqlType] = {
    "int8": types.INTEGER,
    "int16": types.INTEGER,
    "int32": types.INTEGER,
    "int64": types.BIGINT,
    "float32": types.DOUBLE,
    "float64": types.DOUBLE,
    "bytes": types.BYTES,
}
_FROM_JSON: dict[str, SqlType] = {
    "boolean": types.BOOLEAN,
    "integer": types.BIGINT,
    "number": types.DOUBLE,
    "string": types.STRING,
}
_FROM_TITLE: dict[str, SqlType] = {
    "org.apache.kafka.connect.data.Time": types.TIME,
    "org.apache.kafka.connect.data.Date": types.DATE,
    "org.apache.kafka.connect.data.Timestamp": types.TIMESTAMP,
}


def type_of_schema(schema: dict[str, Any], keep_case: bool = False, whole: Any = None) -> SqlType:
    """The SQL type of a JSON Schema; field names in upper case unless ``keep_case``.

    ``whole`` is the schema that it is a part of, in which its references point.
    """
    whole = schema if whole is None else whole
    if "$ref" in schema:
        return type_of_schema(_referred(schema["$ref"], whole), keep_case, whole)
    branches = _branches(schema)
    if len(branches) > 1:
        return json_unions.union([type_of_schema(one, keep_case, whole) for one in branches], keep_case)
    if branches:
        return type_of_schema(branches[0], keep_case, whole)
    kind = schema.get("type")
    title = str(schema.get("title"))
    if title == "org.apache.kafka.connect.data.Decimal":
        parameters = schema.get("connect.parameters", {})
        return types.Decimal(int(parameters.get("connect.decimal.precision", 64)), int(parameters.get("scale", 0)))
    if title in _FROM_TITLE:
        return _FROM_TITLE[title]
    if kind == "array":
        return types.Array(type_of_schema(schema["items"], keep_case, whole))
    if kind == "object" and "properties" not in schema:
        return types.Map(
            types.STRING, type_of_schema(schema.get("additionalProperties") or {"type": "string"}, keep_case, whole)
        )
    if kind == "object":
        fields = sorted(schema["properties"].items(), key=lambda item: item[1].get("connect.index", 0))
        return types.Struct(
            tuple((name if keep_case else name.upper(), type_of_schema(one, keep_case, whole)) for name, one in fields)
        )
    connect = str(schema.get("connect.type"))
    if kind == "string" and connect != "bytes":
        return types.STRING
    return _FROM_CONNECT.get(connect) or _FROM_JSON.get(str(kind), types.STRING)


def _branches(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The schemas that a schema allows besides null, if it names several; of an object they say only more of it."""
    if "properties" in schema:
        return []
    if isinstance(schema.get("type"), list):
        return [{**schema, "type": kind} for kind in schema["type"] if kind != "null"]
    allowed = schema.get("oneOf") or schema.get("anyOf") or []
    return [one for one in allowed if one.get("type") != "null"]


def _referred(reference: str, whole: Any) -> dict[str, Any]:
    """The part of a schema that ``#/definitions/Name`` points to."""
    path, found = reference.partition("#")[2].split("/")[1:], whole
    try:
        for step in path:
            found = found[step.replace("~1", "/").replace("~0", "~")]
    except (KeyError, TypeError):
        found = None
    if not reference.startswith("#") or not isinstance(found, dict) or "$ref" in found:
        raise KsqlStatementError(f"The schema refers to {reference}, which is no type within it.")
    return found


def columns_of_schema(target: Target, text: str) -> tuple[Column, ...]:
    """Columns for a registered JSON Schema."""
    place = Place.KEY if target.is_key else Place.VALUE
    try:
        of = type_of_schema(json.loads(text), "schema_id" in target.properties)
    except RecursionError:
        raise KsqlStatementError("The schema refers to itself: a type of SQL has no part of its own type.") from None
    if isinstance(of, types.Struct) and not target.is_key and target.wrapped:
        return tuple(Column(name, one, place) for name, one in of.fields)
    return (Column("ROWKEY" if target.is_key else "ROWVAL", of, place),)

"""Avro schemas from columns and columns from Avro schemas, by ksqlDB's conventions.

Every field is nullable; a record is called ``KsqlDataSourceSchema``, a nested one after its field; a map is an array
of entries, because its keys are nullable too.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.formats.avro_unions import IS_BRANCH, spelled_out
from pocket_ksql.formats.base import Target
from pocket_ksql.schema import Column, Place
from pocket_ksql.types import SqlType

NAMESPACE = "io.confluent.ksql.avro_schemas"
VALUE_NAME = "KsqlDataSourceSchema"

_PLAIN: dict[str, Any] = {
    "BOOLEAN": "boolean",
    "INTEGER": "int",
    "BIGINT": "long",
    "DOUBLE": "double",
    "STRING": "string",
    "BYTES": "bytes",
    "TIME": {
        "type": "int",
        "connect.version": 1,
        "connect.name": "org.apache.kafka.connect.data.Time",
        "logicalType": "time-millis",
    },
    "DATE": {
        "type": "int",
        "connect.version": 1,
        "connect.name": "org.apache.kafka.connect.data.Date",
        "logicalType": "date",
    },
    "TIMESTAMP": {
        "type": "long",
        "connect.version": 1,
        "connect.name": "org.apache.kafka.connect.data.Timestamp",
        "logicalType": "timestamp-millis",
    },
}


_LETTER = re.compile(r"[A-Za-z_]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def check_name(name: str) -> None:
    """Raise ``KsqlStatementError`` if Avro does not take ``name`` for a field."""
    if not _NAME.fullmatch(name):
        problem = "Illegal character in" if _LETTER.match(name) else "Illegal initial character"
        raise KsqlStatementError(f"Schema is not compatible with Avro: {problem}: {name}")


def schema_of(target: Target) -> Any:
    """The schema that is registered for ``target``, as parsed JSON."""
    if not target.wrapped and len(target.columns) == 1:
        return _schema(target.columns[0].type, _full_name(target))
    return _record(_full_name(target), [(column.name, column.type) for column in target.columns])


def _full_name(target: Target) -> str:
    return target.properties.get("full_schema_name", f"{NAMESPACE}.{VALUE_NAME}")


def _record(full_name: str, fields: list[tuple[str, SqlType]]) -> dict[str, Any]:
    namespace, _, name = full_name.rpartition(".")
    schema: dict[str, Any] = {"type": "record", "name": name}
    if namespace:
        schema["namespace"] = namespace
    schema["fields"] = [
        {"name": field, "type": ["null", _schema(of, f"{full_name}_{field}")], "default": None} for field, of in fields
    ]
    schema["connect.name"] = full_name
    return schema


def _schema(of: SqlType, full_name: str) -> Any:
    match of:
        case types.Decimal(precision, scale):
            return {
                "type": "bytes",
                "scale": scale,
                "precision": precision,
                "connect.version": 1,
                "connect.parameters": {"scale": str(scale), "connect.decimal.precision": str(precision)},
                "connect.name": "org.apache.kafka.connect.data.Decimal",
                "logicalType": "decimal",
            }
        case types.Array(item):
            return {"type": "array", "items": ["null", _schema(item, full_name)]}
        case types.Map(key, value):
            entry = _record(full_name, [("key", key), ("value", value)])
            entry["connect.internal.type"] = "MapEntry"
            return {"type": "array", "items": entry, "connect.internal.type": "MapEntry"}
        case types.Struct(fields):
            return _record(full_name, list(fields))
    return _PLAIN[of.base()]


# --- inference -----------------------------------------------------------------------------------------------------


def columns_of(target: Target, schema: Any) -> tuple[Column, ...]:
    """Columns for a registered schema; a schema that is no record becomes the one column ROWKEY or ROWVAL."""
    place = Place.KEY if target.is_key else Place.VALUE
    named: dict[str, SqlType] = {}
    schema = spelled_out(schema)
    if "schema_id" not in target.properties:
        schema = _upper(schema)
    if isinstance(schema, dict) and schema.get("type") == "record" and target.wrapped:
        of = _type(schema, named)
        assert isinstance(of, types.Struct)
        return tuple(Column(name, one, place) for name, one in of.fields)
    return (Column("ROWKEY" if target.is_key else "ROWVAL", _type(schema, named), place),)


def _upper(schema: Any) -> Any:
    """The schema with the names of all fields in upper case."""
    if isinstance(schema, list):
        return [_upper(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {name: _upper(one) if name in ("type", "items", "values") else one for name, one in schema.items()}
    if "fields" in schema:
        entry = schema.get("connect.internal.type") == "MapEntry"
        changed["fields"] = [
            {**one, "name": one["name"] if entry else one["name"].upper(), "type": _upper(one["type"])}
            for one in schema["fields"]
        ]
    return changed


_FROM_PLAIN: dict[str, SqlType] = {
    "boolean": types.BOOLEAN,
    "int": types.INTEGER,
    "long": types.BIGINT,
    "float": types.DOUBLE,
    "double": types.DOUBLE,
    "string": types.STRING,
    "bytes": types.BYTES,
    "fixed": types.BYTES,
    "enum": types.STRING,
}
_FROM_LOGICAL: dict[str, SqlType] = {
    "time-millis": types.TIME,
    "date": types.DATE,
    "timestamp-millis": types.TIMESTAMP,
}


def _type(schema: Any, named: dict[str, SqlType]) -> SqlType:
    if isinstance(schema, list):
        branches = [one for one in schema if one != "null"]
        if not branches:
            raise KsqlStatementError("The Avro type null is not supported")
        if isinstance(branches[0], dict) and IS_BRANCH in branches[0]:
            return types.Struct(tuple(_fields([one["fields"][0] for one in branches], named)))
        return _type(branches[0], named)
    if isinstance(schema, str):
        found = _FROM_PLAIN.get(schema) or named.get(schema.rpartition(".")[2])
        if found is None:
            raise KsqlStatementError(f"The Avro type {schema} is not supported")
        return found
    of = _own_type(schema, named)
    if "name" in schema:
        named[schema["name"].rpartition(".")[2]] = of
    return of


def _own_type(schema: dict[str, Any], named: dict[str, SqlType]) -> SqlType:
    """The type of a schema that is no union and no mere name."""
    kind = schema["type"]
    logical = schema.get("logicalType")
    if logical == "decimal":
        return types.Decimal(schema["precision"], schema.get("scale", 0))
    if logical in _FROM_LOGICAL:
        return _FROM_LOGICAL[logical]
    if kind == "array":
        item = schema["items"]
        if isinstance(item, dict) and item.get("connect.internal.type") == "MapEntry":
            fields = {one["name"]: one["type"] for one in item["fields"]}
            return types.Map(types.STRING, _type(fields["value"], named))
        return types.Array(_type(item, named))
    if kind == "map":
        return types.Map(types.STRING, _type(schema["values"], named))
    if kind == "record":
        return types.Struct(tuple(_fields(schema["fields"], named)))
    if isinstance(kind, (dict, list)):
        return _type(kind, named)
    return _FROM_PLAIN[kind]


def _fields(fields: Sequence[Any], named: dict[str, SqlType]) -> Iterator[tuple[str, SqlType]]:
    """Fields with their types; those that KSQL has no type for are left out, as ksqlDB does."""
    for one in fields:
        with contextlib.suppress(KsqlStatementError):
            yield one["name"], _type(one["type"], named)

"""Rows as a given Avro schema wants them, field by field by name: for sources that name the schema they use.

Slower than ``avro_writer``, which is compiled for the schema that columns have by themselves.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import fastavro

from pocket_ksql.decimals import rescaled
from pocket_ksql.errors import RecordError
from pocket_ksql.formats.avro_unions import branch_of, spelled_out
from pocket_ksql.formats.base import UNSERIALIZABLE, Target

_WRITE_ERRORS = (ValueError, TypeError, KeyError, ArithmeticError, AttributeError)


def row_writer(given: Any, target: Target) -> Callable[[Sequence[Any]], bytes | None]:
    """Writes rows of ``target``; a field that no column is named like gets the default of the ``given`` schema."""
    schema = spelled_out(given)
    parsed = fastavro.parse_schema(copy.deepcopy(schema))
    names = [column.name for column in target.columns]
    alone = not target.wrapped and len(names) == 1

    def write(row: Sequence[Any]) -> bytes | None:
        if alone and row[0] is None:
            return None
        out = io.BytesIO()
        try:
            value = conform(row[0] if alone else dict(zip(names, row, strict=True)), schema, {})
            fastavro.schemaless_writer(out, parsed, value)
        except _WRITE_ERRORS as error:
            raise RecordError(f"{UNSERIALIZABLE} by the registered schema: {error}") from None
        return out.getvalue()

    return write


def conform(value: Any, schema: Any, named: dict[str, Any]) -> Any:
    """``value`` in the shape of ``schema``; ``named`` collects the named schemas met on the way."""
    if isinstance(schema, list):
        branches = [one for one in schema if one != "null"]
        return None if value is None else conform(value, branch_of(value, branches), named)
    if isinstance(schema, str):
        schema = named.get(schema, schema)
    kind = schema if isinstance(schema, str) else schema["type"]
    if isinstance(kind, dict | list):
        return conform(value, kind, named)
    if isinstance(schema, dict) and schema.get("logicalType") == "decimal":
        return rescaled(Decimal(str(value)), schema.get("scale", 0))
    match kind:
        case "record":
            named[schema["name"]] = schema
            return _record(value, schema, named)
        case "array" if isinstance(value, dict):
            entry = {one["name"]: one["type"] for one in schema["items"]["fields"]}
            return [{"key": key, "value": conform(one, entry["value"], named)} for key, one in value.items()]
        case "array":
            return [conform(one, schema["items"], named) for one in value]
        case "map":
            return {key: conform(one, schema["values"], named) for key, one in value.items()}
        case "double" | "float":
            return float(value)
    return value


def _record(value: dict[str, Any], schema: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    folded = {name.upper(): one for name, one in value.items()}
    fields = {}
    for one in schema["fields"]:
        given = value.get(one["name"], folded.get(one["name"].upper()))
        if given is None and "default" in one:
            fields[one["name"]] = one["default"]
        else:
            fields[one["name"]] = conform(given, one["type"], named)
    return fields

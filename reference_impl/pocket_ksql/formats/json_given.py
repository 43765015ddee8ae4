"""Rows as a given JSON Schema wants them: for sources that name the schema they use."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pocket_ksql.errors import RecordError
from pocket_ksql.formats.base import UNSERIALIZABLE, Encoder, Row, Target
from pocket_ksql.formats.framing import frame
from pocket_ksql.formats.json_schema import columns_of_schema
from pocket_ksql.formats.json_writer import row_encoder
from pocket_ksql.services import RegisteredSchema


def encoder_by(schema: RegisteredSchema, target: Target) -> Encoder:
    """Writes rows of ``target`` under the id of ``schema``, whose further fields, which come last, are NULL."""
    header, parsed = frame(schema.id), json.loads(schema.text)
    further = columns_of_schema(target, schema.text)[len(target.columns) :] if target.wrapped else ()
    columns = (*target.columns, *further)
    write = row_encoder(replace(target, columns=columns), unions=True)
    names, nulls = [one.name for one in columns], (None,) * len(further)

    def encode(row: Row) -> bytes | None:
        whole = (*row, *nulls)
        missing = _missing(dict(zip(names, whole, strict=True)) if target.wrapped else whole[0], parsed)
        if missing is not None:
            raise RecordError(f"{UNSERIALIZABLE} by the registered schema: {missing} is NULL, but required")
        data = write(whole)
        return None if data is None else header + data

    return encode


def _missing(value: Any, schema: Any) -> str | None:
    """The first field that ``schema`` requires and ``value`` lacks, at any depth."""
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        return next(filter(None, (_missing(one, schema["items"]) for one in value)), None)
    if not isinstance(value, dict):
        return None
    for name, of in schema.get("properties", {}).items():
        if value.get(name) is None:
            if name in schema.get("required", ()) and not _nullable(of):
                return str(name)
        elif (inner := _missing(value[name], of)) is not None:
            return f"{name}.{inner}"
    return None


def _nullable(schema: Any) -> bool:
    kinds = schema["type"] if isinstance(schema.get("type"), list) else [schema.get("type")]
    return "null" in kinds or {"type": "null"} in [*schema.get("oneOf", ()), *schema.get("anyOf", ())]

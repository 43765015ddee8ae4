"""Rows as a given JSON Schema wants them: for sources that name the schema they use."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
    header = frame(schema.id)
    known = columns_of_schema(target, schema.text)
    further = known[len(target.columns) :] if target.wrapped else ()
    write = row_encoder(replace(target, columns=(*target.columns, *further)), unions=True)
    nulls = (None,) * len(further)
    names = [one.name for one in known] if target.wrapped else []
    required = [(names.index(name), name) for name in _required(json.loads(schema.text)) if name in names]

    def encode(row: Row) -> bytes | None:
        whole = (*row, *nulls)
        for index, name in required:
            if whole[index] is None:
                raise RecordError(f"{UNSERIALIZABLE} by the registered schema: {name} is NULL, but required")
        data = write(whole)
        return None if data is None else header + data

    return encode


def _required(schema: Any) -> Iterator[str]:
    """The fields that an object must have, and that cannot be null in it."""
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        one = properties.get(name, {})
        kinds = one["type"] if isinstance(one.get("type"), list) else [one.get("type")]
        if "null" not in kinds and {"type": "null"} not in [*one.get("oneOf", ()), *one.get("anyOf", ())]:
            yield name

"""Schemas parsed and compared: is the text a schema, and can data written with one be read with another?

Avro's rules are the Avro library's own (schema resolution of the Avro specification). JSON Schema and
Protobuf texts are parsed as far as JSON goes and are taken to be compatible with each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pocket_ksql.registry.errors import invalid_schema
from pocket_ksql.registry.store import SchemaText

if TYPE_CHECKING:
    from avro.schema import Schema

LEVELS = (
    "NONE",
    "BACKWARD",
    "BACKWARD_TRANSITIVE",
    "FORWARD",
    "FORWARD_TRANSITIVE",
    "FULL",
    "FULL_TRANSITIVE",
)
SCHEMA_TYPES = ("JSON", "PROTOBUF", "AVRO")


def canonical(schema_type: str, text: str, references: Iterable[str] = ()) -> str:
    """``text`` without the white space that does not matter.

    ``references`` are the texts of the schemas that it uses by name. Raises `RegistryError` 42201 when the
    text is not a schema of its type.
    """
    if schema_type == "PROTOBUF":
        return text.strip()
    if schema_type == "AVRO":
        _avro(text, references)
    elif schema_type != "JSON":
        raise invalid_schema(f"Invalid schema type {schema_type}; known are {', '.join(SCHEMA_TYPES)}")
    try:
        return json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)
    except json.JSONDecodeError as error:
        raise invalid_schema(f"{error}") from error


def problems(new: SchemaText, old: Sequence[SchemaText], level: str, references: Sequence[str] = ()) -> list[str]:
    """What ``level`` does not allow in ``new`` after ``old`` (oldest first); [] means compatible.

    BACKWARD: readers with the new schema read data of the old one; FORWARD: the reverse; FULL: both.
    Without ``_TRANSITIVE`` only the latest old schema counts.
    """
    if level == "NONE" or not old:
        return []
    relevant = old if level.endswith("_TRANSITIVE") else old[-1:]
    found: list[str] = []
    for earlier in relevant:
        if earlier.schema_type != new.schema_type:
            found.append(f"schema type {new.schema_type} differs from {earlier.schema_type}")
            continue
        if new.schema_type != "AVRO":
            continue
        if level.startswith(("BACKWARD", "FULL")):
            found += _unreadable(reader=new.text, writer=earlier.text, references=references)
        if level.startswith(("FORWARD", "FULL")):
            found += _unreadable(reader=earlier.text, writer=new.text, references=references)
    return found


def _unreadable(reader: str, writer: str, references: Sequence[str]) -> list[str]:
    from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType

    result = ReaderWriterCompatibilityChecker().get_compatibility(_avro(reader, references), _avro(writer, references))
    if result.compatibility is SchemaCompatibilityType.compatible:
        return []
    kinds = ", ".join(kind.value.upper() for kind in result.incompatibilities)
    places = ", ".join(sorted(result.locations))
    return [f"{kinds} at {places}: {', '.join(sorted(result.messages))}"]


def _avro(text: str, references: Iterable[str]) -> Schema:
    # Imported when the first schema arrives: a server without Avro streams starts faster.
    from avro.errors import AvroException
    from avro.name import Names
    from avro.schema import make_avsc_object

    names = Names()
    try:
        for referenced in references:
            make_avsc_object(json.loads(referenced), names)
        return make_avsc_object(json.loads(text), names)
    except (json.JSONDecodeError, AvroException) as error:
        raise invalid_schema(f"{text[:200]} is not an Avro schema: {error}") from error

"""Avro's unions of several types, which KSQL sees as structs: one field a type, of which all but one are NULL.

A record of one field is laid out exactly like the field alone. So a schema whose unions have such records in the
place of their types reads the same bytes, and says which of the types each value is of.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from pocket_ksql.formats.avro_names import NESTED

IS_BRANCH = "pocket_ksql.branch"
"""Marks the records that stand for one type of a union."""

_PRECISION = 64
"""Of a decimal that does not say its own, as Kafka Connect takes it."""


def spelled_out(schema: Any) -> Any:
    """The schema with every type of a union of several as a record, whose only field is called after the type.

    Decimals have a precision in it.
    """
    return _spelled_out(schema, itertools.count(1))


def _spelled_out(schema: Any, numbers: Iterator[int]) -> Any:
    if isinstance(schema, list):
        several = sum(one != "null" for one in schema) > 1
        return [_branch(one, numbers) if several and one != "null" else _spelled_out(one, numbers) for one in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {name: _spelled_out(one, numbers) if name in NESTED else one for name, one in schema.items()}
    if schema.get("logicalType") == "decimal":
        changed.setdefault("precision", _PRECISION)
    if "fields" in schema:
        changed["fields"] = [{**one, "type": _spelled_out(one["type"], numbers)} for one in schema["fields"]]
    return changed


def _branch(schema: Any, numbers: Iterator[int]) -> dict[str, Any]:
    field = {"name": _name(schema), "type": _spelled_out(schema, numbers)}
    return {"type": "record", "name": f"KsqlBranch{next(numbers)}", "fields": [field], IS_BRANCH: True}


def branch_of(value: Any, branches: Sequence[Any]) -> Any:
    """Which of the types of a union, null left out, a value is of; of a union of several, the first that is given."""
    if not isinstance(branches[0], dict) or IS_BRANCH not in branches[0]:
        return branches[0]
    given = {name.upper() for name, one in value.items() if one is not None}
    return next((one for one in branches if one["fields"][0]["name"].upper() in given), branches[0])


def _name(schema: Any) -> str:
    """What the field for a type is called: named types by their name, without the namespace, others by their kind."""
    named = schema if isinstance(schema, str) else schema.get("name", schema["type"])
    return str(named).rpartition(".")[2]

"""Avro schemas that use types of other schemas by name, made whole."""

from __future__ import annotations

import json
from typing import Any

from pocket_ksql.services import RegisteredSchema

_NAMED = frozenset({"record", "enum", "fixed"})
NESTED = ("type", "items", "values")
"""Where a schema has others within it, besides its fields."""


def whole(schema: RegisteredSchema) -> Any:
    """The schema as parsed JSON, with each type of its references defined where it is named first."""
    parsed = json.loads(schema.text)
    if not schema.references:
        return parsed
    known: dict[str, Any] = {}
    for _, text in schema.references:
        _collect(json.loads(text), "", known)
    return _defined(parsed, "", known)


def _full_name(name: str, namespace: str) -> str:
    return name if "." in name or not namespace else f"{namespace}.{name}"


def _inner(schema: dict[str, Any], namespace: str) -> str:
    """The namespace of names within a schema."""
    if schema.get("type") not in _NAMED:
        return namespace
    return _full_name(schema["name"], schema.get("namespace", namespace)).rpartition(".")[0]


def _collect(schema: Any, namespace: str, known: dict[str, Any]) -> None:
    """Remember every named type in ``schema`` under its full name."""
    if isinstance(schema, list):
        for one in schema:
            _collect(one, namespace, known)
    elif isinstance(schema, dict):
        inner = _inner(schema, namespace)
        if schema.get("type") in _NAMED:
            simple = schema["name"].rpartition(".")[2]
            known[_full_name(simple, inner)] = {**schema, "name": simple, "namespace": inner}
        for nested in [schema.get(name) for name in NESTED] + [one["type"] for one in schema.get("fields", ())]:
            _collect(nested, inner, known)


def _defined(schema: Any, namespace: str, known: dict[str, Any]) -> Any:
    """``schema`` with what is still ``known``, and not defined in it yet, in the place of its name."""
    if isinstance(schema, list):
        return [_defined(one, namespace, known) for one in schema]
    if isinstance(schema, str):
        name = _full_name(schema, namespace) if _full_name(schema, namespace) in known else schema
        return _defined(known.pop(name), "", known) if name in known else schema
    inner = _inner(schema, namespace)
    if schema.get("type") in _NAMED:
        known.pop(_full_name(schema["name"].rpartition(".")[2], inner), None)
    changed = dict(schema)
    for name in NESTED:
        if name in schema and schema[name] not in _NAMED:
            changed[name] = _defined(schema[name], inner, known)
    if "fields" in schema:
        changed["fields"] = [{**one, "type": _defined(one["type"], inner, known)} for one in schema["fields"]]
    return changed

"""Subjects, versions and ids: a state that a sequence of (key, value) events builds.

The events have the shape of Confluent's own ``_schemas`` topic, so that a topic written by either can
be read by the other:

- ``{"keytype": "SCHEMA", "subject", "version"}`` → the schema, or ``None`` when deleted for good;
- ``{"keytype": "CONFIG", "subject"}`` → ``{"compatibilityLevel"}``; subject ``None`` is the default.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

Event = tuple[dict[str, Any], dict[str, Any] | None]

DEFAULT_COMPATIBILITY = "BACKWARD"


@dataclass(frozen=True)
class SchemaReference:
    """A schema which this one uses by ``name``: version ``version`` of ``subject``."""

    name: str
    subject: str
    version: int

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "subject": self.subject, "version": self.version}


@dataclass(frozen=True)
class SchemaText:
    """What two registrations have in common when they share an id."""

    schema_type: str
    text: str
    references: tuple[SchemaReference, ...] = ()


@dataclass(frozen=True)
class SubjectVersion:
    """Version ``version`` of a subject; a soft-deleted one can still be read by its id."""

    subject: str
    version: int
    id: int
    schema: SchemaText
    deleted: bool = False

    def event(self, *, deleted: bool) -> Event:
        key = {"keytype": "SCHEMA", "subject": self.subject, "version": self.version, "magic": 1}
        value: dict[str, Any] = {"subject": self.subject, "version": self.version, "id": self.id}
        if self.schema.schema_type != "AVRO":
            value["schemaType"] = self.schema.schema_type
        if self.schema.references:
            value["references"] = [reference.as_json() for reference in self.schema.references]
        return key, {**value, "schema": self.schema.text, "deleted": deleted}

    def tombstone(self) -> Event:
        return self.event(deleted=True)[0], None


class SchemaStore:
    """All subjects in memory. It changes through `apply` alone."""

    def __init__(self) -> None:
        self._subjects: dict[str, dict[int, SubjectVersion]] = {}
        self._ids: dict[SchemaText, int] = {}
        self._schemas: dict[int, SchemaText] = {}
        self._levels: dict[str | None, str] = {}

    def apply(self, event: Event) -> None:
        """Take one event into the state. Events of other kinds (NOOP, MODE) change nothing."""
        key, value = event
        match key.get("keytype"):
            case "SCHEMA":
                self._apply_schema(key, value)
            case "CONFIG":
                if value is None:
                    self._levels.pop(key.get("subject"), None)
                else:
                    self._levels[key.get("subject")] = value["compatibilityLevel"]

    def _apply_schema(self, key: dict[str, Any], value: dict[str, Any] | None) -> None:
        versions = self._subjects.setdefault(key["subject"], {})
        if value is None:
            versions.pop(key["version"], None)
            if not versions:
                del self._subjects[key["subject"]]
            return
        references = tuple(
            SchemaReference(one["name"], one["subject"], one["version"]) for one in value.get("references", ())
        )
        schema = SchemaText(value.get("schemaType", "AVRO"), value["schema"], references)
        version = SubjectVersion(value["subject"], value["version"], value["id"], schema)
        versions[version.version] = replace(version, deleted=bool(value.get("deleted")))
        self._ids.setdefault(schema, version.id)
        self._schemas[version.id] = schema

    def subjects(self, *, deleted: bool = False) -> list[str]:
        return sorted(subject for subject in self._subjects if self.versions(subject, deleted=deleted))

    def versions(self, subject: str, *, deleted: bool = False) -> list[SubjectVersion]:
        """Versions of a subject, oldest first, with or without the soft-deleted ones; [] if it is unknown."""
        versions = self._subjects.get(subject, {})
        return [versions[number] for number in sorted(versions) if deleted or not versions[number].deleted]

    def __iter__(self) -> Iterator[SubjectVersion]:
        for subject in sorted(self._subjects):
            yield from self.versions(subject, deleted=True)

    def schema(self, schema_id: int) -> SchemaText | None:
        return self._schemas.get(schema_id)

    def id_of(self, schema: SchemaText) -> int:
        """The id that ``schema`` has, or the next free one."""
        return self._ids.get(schema) or max(self._schemas, default=0) + 1

    def compatibility(self, subject: str | None) -> str | None:
        """The level set for ``subject`` itself (``None``: the default for all, which is always set)."""
        return self._levels.get(subject, DEFAULT_COMPATIBILITY if subject is None else None)

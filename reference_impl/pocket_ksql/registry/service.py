"""The registry's operations: register, look up, delete, configure.

Each change is first kept in the log and then applied to the store, one at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any

from pocket_ksql.registry import errors
from pocket_ksql.registry.compatibility import LEVELS, canonical, problems
from pocket_ksql.registry.log import EventLog
from pocket_ksql.registry.store import Event, SchemaReference, SchemaStore, SchemaText, SubjectVersion

LATEST = "latest"


@dataclass(frozen=True)
class SchemaRequest:
    """A schema as a client sends it."""

    text: str
    schema_type: str = "AVRO"
    references: tuple[SchemaReference, ...] = ()


class Registry:
    """Thread-safe: the REST endpoints and the engine share one."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._store = SchemaStore()
        self._lock = RLock()
        for event in log.read():
            self._store.apply(event)

    def register(self, subject: str, request: SchemaRequest) -> SubjectVersion:
        """The version that ``request`` has, or gets, under ``subject``.

        Raises `RegistryError`: 42201 not a schema, 409 not compatible with the earlier versions.
        """
        with self._lock:
            schema = self._canonical(request)
            present = self._store.versions(subject)
            for version in present:
                if version.schema == schema:
                    return version
            found = self._problems(schema, present, subject)
            if found:
                raise errors.incompatible(found)
            number = max((one.version for one in self._store.versions(subject, deleted=True)), default=0) + 1
            version = SubjectVersion(subject, number, self._store.id_of(schema), schema)
            self._change([version.event(deleted=False)])
            return version

    def lookup(self, subject: str, request: SchemaRequest, *, deleted: bool = False) -> SubjectVersion:
        """The version under which ``subject`` holds the schema. Raises `RegistryError` 40401, 40403."""
        with self._lock:
            schema = self._canonical(request)
            for version in self._present(subject, deleted=deleted):
                if version.schema == schema:
                    return version
            raise errors.schema_not_found()

    def subjects(self, *, prefix: str = "", deleted: bool = False) -> list[str]:
        with self._lock:
            return [name for name in self._store.subjects(deleted=deleted) if name.startswith(prefix)]

    def versions(self, subject: str, *, deleted: bool = False) -> list[int]:
        with self._lock:
            return [version.version for version in self._present(subject, deleted=deleted)]

    def version(self, subject: str, number: str | int, *, deleted: bool = False) -> SubjectVersion:
        """Version ``number``, or the newest for ``latest``. Raises `RegistryError` 40401, 40402, 42202."""
        with self._lock:
            present = self._present(subject, deleted=deleted)
            if number in (LATEST, -1, "-1"):
                return present[-1]
            wanted = _version_number(number)
            for version in present:
                if version.version == wanted:
                    return version
            raise errors.version_not_found(wanted)

    def schema(self, schema_id: int) -> SchemaText:
        """The schema with this id, deleted or not. Raises `RegistryError` 40403."""
        with self._lock:
            schema = self._store.schema(schema_id)
            if schema is None:
                raise errors.schema_not_found(schema_id)
            return schema

    def uses(self, schema_id: int, *, deleted: bool = False) -> list[SubjectVersion]:
        """The subjects and versions in which the schema with this id stands. Raises `RegistryError` 40403."""
        with self._lock:
            self.schema(schema_id)
            return [one for one in self._store if one.id == schema_id and (deleted or not one.deleted)]

    def referenced_by(self, subject: str, number: str | int) -> list[int]:
        """Ids of the schemas that refer to this version."""
        with self._lock:
            version = self.version(subject, number)
            return sorted(
                {
                    user.id
                    for user in self._store
                    for reference in user.schema.references
                    if (reference.subject, reference.version) == (subject, version.version)
                }
            )

    def delete_subject(self, subject: str, *, permanent: bool = False) -> list[int]:
        """Hide the subject, or, once hidden, forget it. Returns the versions that were deleted."""
        with self._lock:
            hidden = self._store.versions(subject, deleted=True)
            present = self._store.versions(subject)
            if not hidden:
                raise errors.subject_not_found(subject)
            if permanent:
                if present:
                    raise errors.subject_not_soft_deleted(subject)
                self._change([version.tombstone() for version in hidden])
                return [version.version for version in hidden]
            if not present:
                raise errors.subject_soft_deleted(subject)
            self._change([version.event(deleted=True) for version in present])
            return [version.version for version in present]

    def delete_version(self, subject: str, number: str | int, *, permanent: bool = False) -> int:
        """Hide one version, or, once hidden, forget it. Returns its number."""
        with self._lock:
            version = self.version(subject, number, deleted=permanent)
            if permanent and not version.deleted:
                raise errors.version_not_soft_deleted(subject, version.version)
            self._change([version.tombstone() if permanent else version.event(deleted=True)])
            return version.version

    def compatibility(self, subject: str | None = None, *, default: bool = False) -> str:
        """The level of ``subject``, with ``default`` the one that holds for it. Raises `RegistryError` 40408."""
        with self._lock:
            level = self._store.compatibility(subject)
            if level is None and default:
                level = self._store.compatibility(None)
            if level is None:
                raise errors.config_not_found(str(subject))
            return level

    def set_compatibility(self, level: object, subject: str | None = None) -> str:
        name = str(level).upper()
        if name not in LEVELS:
            raise errors.invalid_compatibility(level)
        with self._lock:
            self._change([(_config_key(subject), {"compatibilityLevel": name})])
        return name

    def reset_compatibility(self, subject: str | None = None) -> str:
        """Return to the default level. Returns the level that was set."""
        with self._lock:
            before = self.compatibility(subject)
            self._change([(_config_key(subject), None)])
            return before

    def check(self, subject: str, request: SchemaRequest, number: str | int | None = None) -> list[str]:
        """What stands against ``request`` after version ``number`` (None: after all); [] is compatible."""
        with self._lock:
            schema = self._canonical(request)
            earlier = self._store.versions(subject) if number is None else [self.version(subject, number)]
            return self._problems(schema, earlier, subject)

    def _present(self, subject: str, *, deleted: bool) -> list[SubjectVersion]:
        present = self._store.versions(subject, deleted=deleted)
        if not present:
            raise errors.subject_not_found(subject)
        return present

    def _canonical(self, request: SchemaRequest) -> SchemaText:
        text = canonical(request.schema_type, request.text, self._referenced(request.references))
        return SchemaText(request.schema_type, text, request.references)

    def _referenced(self, references: Sequence[SchemaReference]) -> list[str]:
        texts: list[str] = []
        for reference in references:
            schema = self.version(reference.subject, reference.version).schema
            texts += [*self._referenced(schema.references), schema.text]
        return texts

    def imported(self, schema: SchemaText) -> tuple[tuple[str, str], ...]:
        """The schemas that ``schema`` refers to, and those that they do: names and texts."""
        with self._lock:
            found: dict[str, str] = {}
            for reference in schema.references:
                referenced = self.version(reference.subject, reference.version).schema
                found.update(self.imported(referenced))
                found[reference.name] = referenced.text
            return tuple(found.items())

    def _problems(self, schema: SchemaText, earlier: list[SubjectVersion], subject: str) -> list[str]:
        level = self.compatibility(subject, default=True)
        return problems(schema, [one.schema for one in earlier], level, self._referenced(schema.references))

    def _change(self, events: list[Event]) -> None:
        for event in events:
            self._log.append(event)
            self._store.apply(event)


def _config_key(subject: str | None) -> dict[str, Any]:
    return {"keytype": "CONFIG", "subject": subject, "magic": 0}


def _version_number(number: str | int) -> int:
    text = str(number)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) < 2**31):
        raise errors.invalid_version(text)
    return int(text)

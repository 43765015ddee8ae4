"""The registry of this process as the engine sees it, with no HTTP in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pocket_ksql.registry.errors import RegistryError
from pocket_ksql.registry.service import LATEST, Registry, SchemaRequest
from pocket_ksql.registry.store import SchemaText
from pocket_ksql.services import RegisteredSchema

_NOT_FOUND = 404

T = TypeVar("T")


class OwnSchemas:
    """`services.Schemas` over a `Registry`."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def register(self, subject: str, kind: str, text: str) -> int:
        return self._registry.register(subject, SchemaRequest(text, kind)).id

    def by_id(self, schema_id: int) -> RegisteredSchema | None:
        schema = none_if_absent(lambda: self._registry.schema(schema_id))
        return None if schema is None else self._registered(schema_id, schema)

    def latest(self, subject: str) -> RegisteredSchema | None:
        version = none_if_absent(lambda: self._registry.version(subject, LATEST))
        return None if version is None else self._registered(version.id, version.schema)

    def _registered(self, schema_id: int, schema: SchemaText) -> RegisteredSchema:
        return RegisteredSchema(schema_id, schema.schema_type, schema.text, self._registry.imported(schema))

    def delete(self, subject: str) -> None:
        none_if_absent(lambda: self._registry.delete_subject(subject))


def none_if_absent(ask: Callable[[], T]) -> T | None:
    """What ``ask`` gives, or ``None`` where the registry has no such subject, version or id."""
    try:
        return ask()
    except RegistryError as error:
        if error.status != _NOT_FOUND:
            raise
        return None

"""A registry as the engine sees it: this process's own, or any Confluent-compatible one by URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pocket_ksql.registry.errors import RegistryError
from pocket_ksql.registry.service import LATEST, Registry, SchemaRequest
from pocket_ksql.services import RegisteredSchema

if TYPE_CHECKING:
    from confluent_kafka.schema_registry import SchemaRegistryClient
    from confluent_kafka.schema_registry.error import SchemaRegistryError

_NOT_FOUND = 404


class OwnSchemas:
    """`services.Schemas` over the registry of this process, with no HTTP in between."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def register(self, subject: str, kind: str, text: str) -> int:
        return self._registry.register(subject, SchemaRequest(text, kind)).id

    def by_id(self, schema_id: int) -> RegisteredSchema | None:
        try:
            schema = self._registry.schema(schema_id)
        except RegistryError as error:
            _raise_unless_absent(error)
            return None
        return RegisteredSchema(schema_id, schema.schema_type, schema.text)

    def latest(self, subject: str) -> RegisteredSchema | None:
        try:
            version = self._registry.version(subject, LATEST)
        except RegistryError as error:
            _raise_unless_absent(error)
            return None
        return RegisteredSchema(version.id, version.schema.schema_type, version.schema.text)

    def delete(self, subject: str) -> None:
        try:
            self._registry.delete_subject(subject)
        except RegistryError as error:
            _raise_unless_absent(error)


def _raise_unless_absent(error: RegistryError) -> None:
    if error.status != _NOT_FOUND:
        raise error


class RemoteSchemas:
    """`services.Schemas` over HTTP. What the registry refuses becomes a `RegistryError`."""

    def __init__(self, url: str) -> None:
        # Imported here: the client takes as long to load as the rest of the server.
        from confluent_kafka.schema_registry import SchemaRegistryClient

        self._client: SchemaRegistryClient = SchemaRegistryClient({"url": url})

    def register(self, subject: str, kind: str, text: str) -> int:
        from confluent_kafka.schema_registry import Schema
        from confluent_kafka.schema_registry.error import SchemaRegistryError

        try:
            return int(self._client.register_schema(subject, Schema(text, kind)))
        except SchemaRegistryError as error:
            raise _registry_error(error) from error

    def by_id(self, schema_id: int) -> RegisteredSchema | None:
        from confluent_kafka.schema_registry.error import SchemaRegistryError

        try:
            schema = self._client.get_schema(schema_id)
        except SchemaRegistryError as error:
            _raise_unless_absent(_registry_error(error))
            return None
        return RegisteredSchema(schema_id, schema.schema_type or "AVRO", schema.schema_str or "")

    def latest(self, subject: str) -> RegisteredSchema | None:
        from confluent_kafka.schema_registry.error import SchemaRegistryError

        try:
            version = self._client.get_latest_version(subject)
        except SchemaRegistryError as error:
            _raise_unless_absent(_registry_error(error))
            return None
        schema = version.schema
        return RegisteredSchema(version.schema_id or 0, schema.schema_type or "AVRO", schema.schema_str or "")

    def delete(self, subject: str) -> None:
        from confluent_kafka.schema_registry.error import SchemaRegistryError

        try:
            self._client.delete_subject(subject)
        except SchemaRegistryError as error:
            _raise_unless_absent(_registry_error(error))


def _registry_error(error: SchemaRegistryError) -> RegistryError:
    code = error.error_code
    return RegistryError(code if code and code > 0 else error.http_status_code, error.error_message)

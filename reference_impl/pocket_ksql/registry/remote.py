"""Any other Confluent-compatible registry, by URL, as the engine sees it.

A module of its own, imported only where such a registry is used: the client takes as long to load as the rest
of the server.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.common._httpx_compat import httpx  # whichever the client speaks with
from confluent_kafka.schema_registry.error import SchemaRegistryError

from pocket_ksql.registry.errors import RegistryError
from pocket_ksql.registry.schemas import none_if_absent
from pocket_ksql.services import RegisteredSchema

_AWAY = 50301


class RemoteSchemas:
    """`services.Schemas` over HTTP. What the registry refuses, or its silence, becomes a `RegistryError`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = SchemaRegistryClient({"url": url})

    def register(self, subject: str, kind: str, text: str) -> int:
        with self._asking():
            return int(self._client.register_schema(subject, Schema(text, kind)))

    def by_id(self, schema_id: int) -> RegisteredSchema | None:
        return none_if_absent(lambda: self._by_id(schema_id))

    def latest(self, subject: str) -> RegisteredSchema | None:
        return none_if_absent(lambda: self._latest(subject))

    def delete(self, subject: str) -> None:
        none_if_absent(lambda: self._delete(subject))

    def _by_id(self, schema_id: int) -> RegisteredSchema:
        with self._asking():
            return self._registered(schema_id, self._client.get_schema(schema_id))

    def _latest(self, subject: str) -> RegisteredSchema:
        with self._asking():
            version = self._client.get_latest_version(subject)
            return self._registered(version.schema_id, version.schema)

    def _registered(self, schema_id: int | None, schema: Schema) -> RegisteredSchema:
        kind, text = schema.schema_type or "AVRO", schema.schema_str or ""
        return RegisteredSchema(schema_id or 0, kind, text, tuple(self._imported(schema).items()))

    def _imported(self, schema: Schema) -> dict[str, str]:
        """The schemas that ``schema`` refers to, and those that they do: names and texts."""
        found: dict[str, str] = {}
        for reference in schema.references or ():
            if reference.subject and reference.version and reference.name:
                referenced = self._client.get_version(reference.subject, reference.version).schema
                found.update(self._imported(referenced))
                found[reference.name] = referenced.schema_str or ""
        return found

    def _delete(self, subject: str) -> None:
        with self._asking():
            self._client.delete_subject(subject)

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except SchemaRegistryError as error:
            code = error.error_code
            known = code is not None and code > 0
            raise RegistryError(code if known else error.http_status_code, error.error_message) from error
        except httpx.HTTPError as error:
            raise RegistryError(
                _AWAY, f"The Schema Registry at {self._url} does not answer ({error}). Is it running?"
            ) from error

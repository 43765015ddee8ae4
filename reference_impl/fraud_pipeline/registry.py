"""Schemas by id, from a Confluent-compatible Schema Registry."""

from __future__ import annotations

from collections.abc import Callable

import httpx2
from confluent_kafka.schema_registry import SchemaRegistryClient, SchemaRegistryError

from fraud_pipeline.errors import PipelineError

SchemaOf = Callable[[int], str]
"""From a schema id to the text of an Avro schema; raises :class:`UnknownSchemaError`."""


class UnknownSchemaError(LookupError):
    """The registry answers, and has no Avro schema under this id."""


class RegistryUnreachableError(PipelineError):
    """The Schema Registry does not answer, or not as one."""


def schemas_of(registry_url: str) -> SchemaOf:
    """A function from schema id to schema text; the client keeps what it has fetched.

    It raises :class:`UnknownSchemaError` for an id that the registry does not
    have or that is no Avro schema, and :class:`RegistryUnreachableError` when there is no answer.
    """
    client = SchemaRegistryClient({"url": registry_url})

    def schema_of(schema_id: int) -> str:
        try:
            schema = client.get_schema(schema_id)
        except SchemaRegistryError as error:
            if error.http_status_code == httpx2.codes.NOT_FOUND:
                raise UnknownSchemaError(f"schema {schema_id} is not in the registry") from error
            raise RegistryUnreachableError(f"the Schema Registry at {registry_url} answers: {error}") from error
        except httpx2.HTTPError as error:
            raise RegistryUnreachableError(f"no Schema Registry at {registry_url}: {error}") from error
        if schema.schema_type != "AVRO" or schema.schema_str is None:
            raise UnknownSchemaError(f"schema {schema_id} is not Avro but {schema.schema_type}")
        return schema.schema_str

    return schema_of

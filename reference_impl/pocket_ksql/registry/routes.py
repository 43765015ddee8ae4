"""The registry's operations as HTTP endpoints, as Confluent's Schema Registry documents them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pocket_ksql.registry.compatibility import SCHEMA_TYPES
from pocket_ksql.registry.errors import RegistryError, invalid_request
from pocket_ksql.registry.service import Registry, SchemaRequest
from pocket_ksql.registry.store import SchemaReference, SchemaText, SubjectVersion

CONTENT_TYPE = "application/vnd.schemaregistry.v1+json"

Operation = Callable[[Registry, Request, dict[str, Any]], Any]


def registry_app(registry: Registry) -> Starlette:
    """The ASGI application that serves ``registry``."""
    routes = [Route(path, _endpoint(registry, operation), methods=[method]) for method, path, operation in _OPERATIONS]
    return Starlette(routes=routes, exception_handlers={RegistryError: _refusal, HTTPException: _no_such_endpoint})


def _endpoint(registry: Registry, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        body = await _body(request)
        # Operations wait for Kafka: they run in a thread, beside the event loop.
        return _answer(await run_in_threadpool(operation, registry, request, body))

    return endpoint


def _refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, RegistryError)
    return _answer({"error_code": error.code, "message": error.message}, error.status)


def _no_such_endpoint(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = error.status_code
    return _answer({"error_code": code, "message": f"HTTP {code} {error.detail}"}, code)


def _answer(content: Any, status: int = 200) -> Response:
    return JSONResponse(content, status_code=status, media_type=CONTENT_TYPE)


async def _body(request: Request) -> dict[str, Any]:
    content = await request.body()
    if not content:
        return {}
    try:
        parsed = json.loads(content)
    except ValueError as error:
        raise RegistryError(400, f"Malformed JSON: {error}") from error
    if not isinstance(parsed, dict):
        raise RegistryError(400, "The body must be a JSON object")
    return parsed


def _flag(request: Request, name: str) -> bool:
    return request.query_params.get(name, "false").lower() == "true"


def _schema_request(body: dict[str, Any]) -> SchemaRequest:
    text = body.get("schema")
    if not isinstance(text, str):
        raise invalid_request("The body must hold the schema as a string under 'schema'")
    try:
        references = tuple(
            SchemaReference(one["name"], one["subject"], int(one["version"])) for one in body.get("references") or ()
        )
    except (KeyError, TypeError, ValueError) as error:
        raise invalid_request("Each reference needs 'name', 'subject' and 'version'") from error
    return SchemaRequest(text, body.get("schemaType") or "AVRO", references)


def _schema(schema: SchemaText) -> dict[str, Any]:
    """Type and references are left out where they are the default, as Confluent's registry does."""
    content: dict[str, Any] = {} if schema.schema_type == "AVRO" else {"schemaType": schema.schema_type}
    if schema.references:
        content["references"] = [reference.as_json() for reference in schema.references]
    return {**content, "schema": schema.text}


def _version(version: SubjectVersion) -> dict[str, Any]:
    return {
        "subject": version.subject,
        "version": version.version,
        "id": version.id,
        **_schema(version.schema),
    }


def _subjects(registry: Registry, request: Request, _: dict[str, Any]) -> list[str]:
    prefix = request.query_params.get("subjectPrefix", "").removeprefix(":*:")
    return registry.subjects(prefix=prefix, deleted=_flag(request, "deleted"))


def _register(registry: Registry, request: Request, body: dict[str, Any]) -> dict[str, Any]:
    version = registry.register(request.path_params["subject"], _schema_request(body))
    return {"id": version.id, "version": version.version, **_schema(version.schema)}


def _lookup(registry: Registry, request: Request, body: dict[str, Any]) -> dict[str, Any]:
    subject = request.path_params["subject"]
    return _version(registry.lookup(subject, _schema_request(body), deleted=_flag(request, "deleted")))


def _versions(registry: Registry, request: Request, _: dict[str, Any]) -> list[int]:
    return registry.versions(request.path_params["subject"], deleted=_flag(request, "deleted"))


def _one_version(registry: Registry, request: Request, _: dict[str, Any]) -> dict[str, Any]:
    parameters = request.path_params
    return _version(registry.version(parameters["subject"], parameters["version"], deleted=_flag(request, "deleted")))


def _version_schema(registry: Registry, request: Request, body: dict[str, Any]) -> Any:
    text = _one_version(registry, request, body)["schema"]
    try:
        return json.loads(text)
    except json.JSONDecodeError:  # Protobuf is no JSON
        return text


def _referenced_by(registry: Registry, request: Request, _: dict[str, Any]) -> list[int]:
    return registry.referenced_by(request.path_params["subject"], request.path_params["version"])


def _delete_subject(registry: Registry, request: Request, _: dict[str, Any]) -> list[int]:
    return registry.delete_subject(request.path_params["subject"], permanent=_flag(request, "permanent"))


def _delete_version(registry: Registry, request: Request, _: dict[str, Any]) -> int:
    parameters = request.path_params
    return registry.delete_version(parameters["subject"], parameters["version"], permanent=_flag(request, "permanent"))


def _schema_by_id(registry: Registry, request: Request, _: dict[str, Any]) -> dict[str, Any]:
    return _schema(registry.schema(request.path_params["id"]))


def _schema_text(registry: Registry, request: Request, _: dict[str, Any]) -> Any:
    schema = registry.schema(request.path_params["id"])
    return schema.text if schema.schema_type == "PROTOBUF" else json.loads(schema.text)


def _schema_subjects(registry: Registry, request: Request, _: dict[str, Any]) -> list[str]:
    uses = registry.uses(request.path_params["id"], deleted=_flag(request, "deleted"))
    return sorted({one.subject for one in uses})


def _schema_versions(registry: Registry, request: Request, _: dict[str, Any]) -> list[dict[str, Any]]:
    uses = registry.uses(request.path_params["id"], deleted=_flag(request, "deleted"))
    return [{"subject": one.subject, "version": one.version} for one in uses]


def _compatibility(registry: Registry, request: Request, _: dict[str, Any]) -> dict[str, Any]:
    subject = request.path_params.get("subject")
    return {"compatibilityLevel": registry.compatibility(subject, default=_flag(request, "defaultToGlobal"))}


def _set_compatibility(registry: Registry, request: Request, body: dict[str, Any]) -> dict[str, Any]:
    subject = request.path_params.get("subject")
    return {"compatibility": registry.set_compatibility(body.get("compatibility"), subject)}


def _reset_compatibility(registry: Registry, request: Request, _: dict[str, Any]) -> dict[str, Any]:
    return {"compatibilityLevel": registry.reset_compatibility(request.path_params.get("subject"))}


def _check(registry: Registry, request: Request, body: dict[str, Any]) -> dict[str, Any]:
    parameters = request.path_params
    found = registry.check(parameters["subject"], _schema_request(body), parameters.get("version"))
    answer: dict[str, Any] = {"is_compatible": not found}
    return {**answer, "messages": found} if _flag(request, "verbose") else answer


_OPERATIONS: list[tuple[str, str, Operation]] = [
    ("GET", "/", lambda *_: {}),
    ("GET", "/subjects", _subjects),
    ("POST", "/subjects/{subject}", _lookup),
    ("DELETE", "/subjects/{subject}", _delete_subject),
    ("GET", "/subjects/{subject}/versions", _versions),
    ("POST", "/subjects/{subject}/versions", _register),
    ("GET", "/subjects/{subject}/versions/{version}", _one_version),
    ("DELETE", "/subjects/{subject}/versions/{version}", _delete_version),
    ("GET", "/subjects/{subject}/versions/{version}/schema", _version_schema),
    ("GET", "/subjects/{subject}/versions/{version}/referencedby", _referenced_by),
    ("GET", "/schemas/types", lambda *_: list(SCHEMA_TYPES)),
    ("GET", "/schemas/ids/{id:int}", _schema_by_id),
    ("GET", "/schemas/ids/{id:int}/schema", _schema_text),
    ("GET", "/schemas/ids/{id:int}/subjects", _schema_subjects),
    ("GET", "/schemas/ids/{id:int}/versions", _schema_versions),
    ("GET", "/config", _compatibility),
    ("PUT", "/config", _set_compatibility),
    ("DELETE", "/config", _reset_compatibility),
    ("GET", "/config/{subject}", _compatibility),
    ("PUT", "/config/{subject}", _set_compatibility),
    ("DELETE", "/config/{subject}", _reset_compatibility),
    ("POST", "/compatibility/subjects/{subject}/versions", _check),
    ("POST", "/compatibility/subjects/{subject}/versions/{version}", _check),
    ("GET", "/mode", lambda *_: {"mode": "READWRITE"}),
]

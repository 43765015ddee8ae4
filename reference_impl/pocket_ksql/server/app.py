"""The endpoints of ksqlDB's REST API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from confluent_kafka import KafkaException
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pocket_ksql.engine import PreparedStatement
from pocket_ksql.errors import KsqlError, KsqlStatementError, KsqlSyntaxError
from pocket_ksql.kafka import TopicLostError
from pocket_ksql.registry.errors import RegistryError
from pocket_ksql.runner.service import KsqlService
from pocket_ksql.server import requests
from pocket_ksql.server.errors import JSON, SERVER_ERROR, RequestError, error_response
from pocket_ksql.server.inserts import insert_rows
from pocket_ksql.server.properties import check_not_prohibited
from pocket_ksql.server.queries import answer_query, single_statement
from pocket_ksql.server.rows import DELIMITED, layout
from pocket_ksql.server.statements import ScriptRunner

VERSION = "8.3.1"
"""The version of ksqlDB whose answers these are."""

_HTTP2_ONLY = 40004
_TERMINATED = 50300
_COMMAND_TIMEOUT = 50301


def ksql_app(service: KsqlService) -> Starlette:
    """The ASGI application that serves ``service``."""
    endpoints = _Endpoints(service)
    routes = [
        Route("/info", endpoints.info),
        Route("/healthcheck", endpoints.health),
        Route("/clusterStatus", _not_enabled),
        Route("/v1/metadata", endpoints.metadata),
        Route("/v1/metadata/id", endpoints.metadata_id),
        Route("/is_valid_property/{name}", _is_valid_property),
        Route("/status", endpoints.statuses),
        Route("/status/{kind}/{entity}/{action}", endpoints.status),
        Route("/ksql", endpoints.ksql, methods=["POST"]),
        Route("/ksql/terminate", endpoints.terminate, methods=["POST"]),
        Route("/query", endpoints.query, methods=["POST"]),
        Route("/query-stream", endpoints.query_stream, methods=["POST"]),
        Route("/close-query", endpoints.close_query, methods=["POST"]),
        Route("/inserts-stream", endpoints.inserts_stream, methods=["POST"]),
    ]
    return Starlette(routes=routes, exception_handlers=_HANDLERS)


class _Endpoints:
    def __init__(self, service: KsqlService) -> None:
        self._service = service
        self._scripts = ScriptRunner(service)

    async def info(self, _: Request) -> Response:
        return _json(
            {
                "KsqlServerInfo": {
                    "version": VERSION,
                    "kafkaClusterId": self._service.kafka_cluster_id,
                    "ksqlServiceId": self._service.settings.service_id,
                    "serverStatus": "RUNNING",
                }
            }
        )

    async def health(self, _: Request) -> Response:
        kafka = await run_in_threadpool(self._service.kafka_is_healthy)
        details = {name: {"isHealthy": True} for name in ("metastore", "kafka", "commandRunner")}
        details["kafka"]["isHealthy"] = kafka
        return _json({"isHealthy": kafka, "details": details, "serverState": "READY"})

    async def metadata(self, _: Request) -> Response:
        return _json({"version": VERSION, "clusterId": self._cluster()})

    async def metadata_id(self, _: Request) -> Response:
        return _json(self._cluster())

    def _cluster(self) -> dict[str, Any]:
        clusters = {
            "kafka-cluster": self._service.kafka_cluster_id,
            "ksql-cluster": self._service.settings.service_id,
        }
        return {"scope": {"path": [], "clusters": clusters}, "id": ""}

    async def statuses(self, _: Request) -> Response:
        statuses = {name: status["status"] for name, status in self._scripts.statuses.items()}
        return _json({"commandStatuses": statuses})

    async def status(self, request: Request) -> Response:
        name = "/".join(request.path_params[part] for part in ("kind", "entity", "action"))
        status = self._scripts.statuses.get(name)
        if status is None:
            raise RequestError("Command not found", 40400)
        return _json(status)

    async def ksql(self, request: Request) -> Response:
        body = await self._accepted(request)
        script, properties = requests.text(body, "ksql"), self._properties(body, "streamsProperties")
        variables = requests.variables(body)
        return _json(await run_in_threadpool(self._scripts.run, script, properties, variables))

    async def terminate(self, request: Request) -> Response:
        is_doomed = requests.topic_matcher(await requests.optional_body_of(request))
        self._refuse_after_the_end()
        await run_in_threadpool(self._service.terminate, is_doomed)
        status = {"status": "SUCCESS", "message": "Cluster terminated.", "queryId": None}
        entity = {
            "@type": "currentStatus",
            "statementText": "TERMINATE CLUSTER;",
            "commandId": "cluster/TerminateCluster/terminate",
            "commandStatus": status,
            "commandSequenceNumber": -1,
            "warnings": [],
        }
        return _json([entity])

    async def query(self, request: Request) -> Response:
        body = await self._accepted(request)
        properties = self._properties(body, "streamsProperties")
        return await self._answer(request, await self._prepared(body, "ksql"), properties)

    async def query_stream(self, request: Request) -> Response:
        body = await self._accepted(request)
        properties = self._properties(body, "streamsProperties", "properties")
        try:
            statement = await self._prepared(body, "sql")
        except KsqlSyntaxError as error:
            text = f"{error.message}\nStatement: {error.statement_text}"
            return error_response(KsqlStatementError(text, error.statement_text), media_type=None)
        return await self._answer(request, statement, properties)

    async def _accepted(self, request: Request) -> requests.Body:
        """The body of a request for statements, once the command that it waits for has been carried out."""
        body = await requests.body_of(request)
        self._refuse_after_the_end()
        sequence = requests.command_sequence_number(body)
        if sequence is not None:
            try:
                await run_in_threadpool(self._service.wait_for_command, sequence)
            except TimeoutError:
                raise RequestError(
                    f"Timed out while waiting for a previous command to execute. command sequence number: {sequence}",
                    _COMMAND_TIMEOUT,
                ) from None
        return body

    def _refuse_after_the_end(self) -> None:
        if self._service.terminated:
            raise RequestError("The cluster has been terminated. No new request will be accepted.", _TERMINATED)

    def _properties(self, body: requests.Body, *names: str) -> dict[str, Any]:
        properties = requests.properties(body, *names)
        for name, value in properties.items():
            self._service.check_property(name, value)
        return properties

    async def _prepared(self, body: requests.Body, name: str) -> PreparedStatement:
        text, variables = requests.text(body, name), requests.variables(body)
        return await run_in_threadpool(single_statement, self._service, text, variables)

    async def _answer(self, request: Request, statement: PreparedStatement, properties: Mapping[str, Any]) -> Response:
        chosen = layout(request.headers.get("accept", DELIMITED))
        try:
            return await answer_query(self._service, statement, properties, chosen)
        except KsqlStatementError as error:
            # ksqlDB names the content type only for what it refuses before it plans the query.
            preparing = error.message.startswith("Exception while preparing statement")
            return error_response(error, media_type=JSON if preparing else None)

    async def close_query(self, request: Request) -> Response:
        query_id = requests.text(await requests.body_of(request), "queryId")
        if not self._service.close_query(query_id):
            return error_response(RequestError(f"No query with id {query_id}"), media_type=None)
        return Response()

    async def inserts_stream(self, request: Request) -> Response:
        if request.scope["http_version"] != "2":
            refusal = RequestError("This endpoint is only available when using HTTP2", _HTTP2_ONLY)
            return error_response(refusal, media_type=None)
        self._refuse_after_the_end()
        answer = await run_in_threadpool(insert_rows, self._service, await request.body())
        return Response(answer, media_type=DELIMITED)


def _json(content: Any) -> Response:
    return Response(orjson.dumps(content), media_type=JSON)


async def _is_valid_property(request: Request) -> Response:
    check_not_prohibited([request.path_params["name"]])
    return _json(True)


async def _not_enabled(_: Request) -> Response:
    """Heartbeats between servers are off, as they are by default in ksqlDB."""
    return Response(status_code=404, media_type=JSON)


async def _not_found(_: Request, __: Exception) -> Response:
    return Response("Not Found", status_code=404)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, KsqlError)
    return error_response(error)


async def _failed(_: Request, error: Exception) -> Response:
    """Kafka or the registry does not do what it should."""
    return error_response(RequestError(str(error), SERVER_ERROR))


async def _crashed(_: Request, error: Exception) -> Response:
    """A mistake in this server; the web server logs where."""
    return error_response(RequestError(f"{type(error).__name__}: {error}", SERVER_ERROR))


_HANDLERS: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    KsqlError: _refused,
    KafkaException: _failed,
    RegistryError: _failed,
    TopicLostError: _failed,
    404: _not_found,
    500: _crashed,
}

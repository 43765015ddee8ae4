"""Statements about connectors, forwarded to the REST API of a Kafka Connect worker."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Mapping
from typing import Any

import httpx

from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import statements as st
from pocket_ksql.language.literals import text_of
from pocket_ksql.server.describing import Entity
from pocket_ksql.server.errors import SERVER_ERROR

_UNREACHABLE = """\
io.confluent.ksql.util.KsqlServerException: org.apache.hc.client5.http.HttpHostConnectException: \
Connect to {url} failed: {reason}
Caused by: Could not connect to the server. Please check the server details are
\tcorrect and that the server is running."""
"""ksqlDB's words, which its clients show as they are."""

_PATIENCE = 30.0
_HTTP = 80


def answer(url: str, statement: st.ConnectorStatement | st.Show, text: str) -> Entity:
    """What the worker at ``url`` says; raises ``KsqlStatementError`` where it refuses or is not there."""
    try:
        with httpx.Client(base_url=url, timeout=_PATIENCE) as worker:
            return _Forwarding(worker, text).answer(statement)
    except httpx.HTTPError as error:
        words = _UNREACHABLE.format(url=url, reason=_reason(url, error))
        raise KsqlStatementError(words, text, SERVER_ERROR) from error


def _reason(url: str, error: httpx.HTTPError) -> str:
    """Why the worker cannot be reached, by the first of its addresses that this machine can call at all.

    ``localhost`` has two where the machine may have but one; the error tells of the last.
    """
    place = httpx.URL(url)
    if isinstance(error, httpx.ConnectError):
        try:
            socket.create_connection((place.host, place.port or _HTTP), _PATIENCE, all_errors=True).close()
        except ExceptionGroup as failures:
            numbers = [one.errno for one in failures.exceptions if isinstance(one, OSError) and one.errno]
            tried = [number for number in numbers if number != errno.EADDRNOTAVAIL]
            if tried:
                return os.strerror(tried[0])
        except OSError as unknown:  # the name, which has no address
            return unknown.strerror or str(unknown)
    return str(error)


class _Forwarding:
    """One statement's requests to the worker."""

    def __init__(self, worker: httpx.Client, text: str) -> None:
        self._worker = worker
        self._text = text

    def answer(self, statement: st.ConnectorStatement | st.Show) -> Entity:
        match statement:
            case st.Show(what="CONNECTOR PLUGINS"):
                plugins = [
                    {"className": one["class"], "type": one.get("type"), "version": one.get("version")}
                    for one in self._get("/connector-plugins")
                ]
                return {"@type": "connector_plugins_list", "connectorsPlugins": plugins}
            case st.Show(scope=scope):
                return self._list(scope)
            case st.ConnectorStatement(action="DROP CONNECTOR", name=str(name)):
                return self._drop(statement, name)
            case st.ConnectorStatement(action="DESCRIBE CONNECTOR", name=str(name)):
                return self._describe(name)
            case st.ConnectorStatement(name=str(name)):
                return self._create(statement, name)
        raise AssertionError(f"{statement} is not about connectors")

    def _request(self, method: str, path: str, what: str, **options: Any) -> httpx.Response:
        """The worker's answer; its refusal as a ``KsqlStatementError``, but for "not found" and "exists"."""
        response = self._worker.request(method, path, **options)
        if response.is_error and response.status_code not in (httpx.codes.NOT_FOUND, httpx.codes.CONFLICT):
            raise self._refused(what, response)
        return response

    def _refused(self, what: str, response: httpx.Response) -> KsqlStatementError:
        try:
            reason = response.json()["message"]
        except (ValueError, KeyError, TypeError):
            reason = response.text
        return KsqlStatementError(f"{what}: {reason}", self._text, SERVER_ERROR)

    def _get(self, path: str) -> Any:
        response = self._request("GET", path, "Failed to query connectors")
        if response.is_error:
            raise self._refused("Failed to query connectors", response)
        return response.json()

    def _create(self, statement: st.ConnectorStatement, name: str) -> Entity:
        config = {key: text_of(value) for key, value in statement.properties.items()}
        response = self._request(
            "POST", "/connectors", f"Failed to create connector {name}", json={"name": name, "config": config}
        )
        if response.status_code == httpx.codes.CONFLICT and statement.if_not_exists:
            return _warning(f"Connector {name} already exists")
        if response.is_error:
            raise self._refused(f"Failed to create connector {name}", response)
        return {"@type": "connector_info", "info": response.json()}

    def _drop(self, statement: st.ConnectorStatement, name: str) -> Entity:
        response = self._request("DELETE", f"/connectors/{name}", f"Failed to drop connector {name}")
        if response.status_code == httpx.codes.NOT_FOUND and statement.if_exists:
            return _warning(f"Connector '{name}' does not exist.")
        if response.is_error:
            raise self._refused(f"Failed to drop connector {name}", response)
        return {"@type": "drop_connector", "connectorName": name}

    def _describe(self, name: str) -> Entity:
        info, status = self._get(f"/connectors/{name}"), self._get(f"/connectors/{name}/status")
        topics = self._get(f"/connectors/{name}/topics").get(name, {}).get("topics", [])
        return {
            "@type": "connector_description",
            "connectorClass": info["config"].get("connector.class", ""),
            "status": status,
            "sources": [],
            "topics": sorted(topics),
        }

    def _list(self, scope: str | None) -> Entity:
        found = self._get("/connectors?expand=info&expand=status")
        entries = [_entry(name, one["info"], one["status"]) for name, one in sorted(found.items())]
        return {
            "@type": "connector_list",
            "connectors": [one for one in entries if scope is None or one["type"] == scope.lower()],
        }


def _entry(name: str, info: Mapping[str, Any], status: Mapping[str, Any]) -> Entity:
    """A connector in a list, its state as ksqlDB sums it up: ``RUNNING (1/1 tasks RUNNING)``."""
    tasks = status.get("tasks", [])
    running = sum(task["state"] == "RUNNING" for task in tasks)
    state = status["connector"]["state"]
    if state == "RUNNING" and tasks:
        state = f"{state if running == len(tasks) else 'WARNING'} ({running}/{len(tasks)} tasks RUNNING)"
    return {
        "name": name,
        "type": info.get("type", status.get("type", "unknown")),
        "className": info["config"].get("connector.class", ""),
        "state": state,
    }


def _warning(message: str) -> Entity:
    return {"@type": "warning_entity", "message": message}

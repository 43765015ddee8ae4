"""ksqlDB's REST API as the prompt needs it."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from pocket_ksql.errors import KsqlError, KsqlStatementError

Entity = dict[str, Any]
Row = list[Any]

_TIMEOUT = httpx.Timeout(120, connect=5)
_ENDLESS = httpx.Timeout(None, connect=5)


class ServerAwayError(KsqlError):
    """No ksqlDB server answers at the address."""


@dataclass(frozen=True)
class Header:
    """What a query says before its rows."""

    names: list[str]
    types: list[str]


class Client:
    """One ksqlDB server. ``properties`` and ``variables`` are those of the session."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.Client(base_url=self.url, timeout=_TIMEOUT)

    def close(self) -> None:
        self._http.close()

    def info(self) -> Entity:
        """Version and ids of the server. Raises `ServerAwayError`."""
        with self._answering():
            answer = self._http.get("/info")
            answer.raise_for_status()
            info: Entity = answer.json()["KsqlServerInfo"]
            return info

    def execute(self, text: str, properties: Mapping[str, str], variables: Mapping[str, str]) -> list[Entity]:
        """Carry statements out. Raises ``KsqlStatementError`` for what is refused, `ServerAwayError`."""
        body = {"ksql": text, "streamsProperties": dict(properties), "sessionVariables": dict(variables)}
        with self._answering():
            answer = self._http.post("/ksql", json=body)
            if answer.is_error:
                raise _refusal(answer)
            entities: list[Entity] = answer.json()
            return entities

    @contextlib.contextmanager
    def query(
        self, text: str, properties: Mapping[str, str], variables: Mapping[str, str]
    ) -> Iterator[tuple[Header, Iterator[list[Row]]]]:
        """Run a SELECT: its columns, and its rows as they come, those together that came together.

        Leaving the block ends the query.

        Raises ``KsqlStatementError``, also while rows are read, and `ServerAwayError`.
        """
        body = {"sql": text, "properties": dict(properties), "sessionVariables": dict(variables)}
        with self._streamed("/query-stream", body) as answer:
            batches = _lines(answer)
            header, *rest = next(batches, [b"{}"])
            columns = json.loads(header)
            rows = map(_rows, itertools.chain([rest] if rest else [], batches))
            yield Header(columns.get("columnNames", []), columns.get("columnTypes", [])), rows

    @contextlib.contextmanager
    def printed(
        self, text: str, properties: Mapping[str, str], variables: Mapping[str, str]
    ) -> Iterator[Iterator[str]]:
        """Run a PRINT: its lines as they come. Raises as `query` does."""
        body = {"ksql": text, "streamsProperties": dict(properties), "sessionVariables": dict(variables)}
        with self._streamed("/query", body) as answer:
            yield (line for line in answer.iter_lines() if line)

    @contextlib.contextmanager
    def _streamed(self, path: str, body: Mapping[str, Any]) -> Iterator[httpx.Response]:
        with self._answering(), self._http.stream("POST", path, json=body, timeout=_ENDLESS) as answer:
            if answer.is_error:
                answer.read()
                raise _refusal(answer)
            yield answer

    @contextlib.contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise ServerAwayError(
                f"No ksqlDB server answers at {self.url}. Start one with `pocket-ksql server`, or give the address "
                "of another: `pocket-ksql cli http://HOST:PORT`."
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError) as error:
            raise ServerAwayError(f"{self.url} does not answer as a ksqlDB server does: {error!r}") from error


def _lines(answer: httpx.Response) -> Iterator[list[bytes]]:
    """The lines that are complete, each time something arrives."""
    rest = b""
    for chunk in answer.iter_bytes():
        *lines, rest = (rest + chunk).split(b"\n")
        if complete := [line for line in lines if line]:
            yield complete
    if rest:
        yield [rest]


def _rows(lines: list[bytes]) -> list[Row]:
    rows = []
    for content in map(json.loads, lines):
        if isinstance(content, dict):
            raise KsqlStatementError(content.get("message", str(content)))
        rows.append(content)
    return rows


def _refusal(answer: httpx.Response) -> KsqlStatementError:
    try:
        content = answer.json()
        return KsqlStatementError(content["message"], content.get("statementText"), content.get("error_code", 0))
    except (ValueError, KeyError, TypeError):
        return KsqlStatementError(f"The server answered {answer.status_code} {answer.reason_phrase}: {answer.text}")

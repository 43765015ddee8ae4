"""Talking to a KSQL server: send a statement, stream the rows of a query, with errors that can be read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import httpx
from ksql import KSQLAPI
from ksql.errors import KSQLError

from fraud_pipeline.connection import Connection
from fraud_pipeline.errors import PipelineError

FROM_THE_BEGINNING = {"ksql.streams.auto.offset.reset": "earliest"}
GATHERING = {"ksql.streams.fetch.min.bytes": "65536"}
"""For a query that nobody waits for: the broker gathers records before it answers, which costs far less."""
EACH_CHANGE = {"ksql.streams.cache.max.bytes.buffering": "0"}
"""For a query on a table of which every change is wanted, not the last of those within two seconds."""

_STATEMENT_TIMEOUT = 60.0


class KsqlError(PipelineError):
    """The KSQL server did not do what it was asked to do."""


class KsqlUnreachableError(KsqlError):
    """No KSQL server answers at the address."""


class StatementRefusedError(KsqlError):
    """The server refuses a statement: ``message`` in its own words, ``statement`` as it was sent."""

    def __init__(self, message: str, statement: str) -> None:
        super().__init__(f"{message}\nThe statement was:\n{statement}")
        self.message = message
        self.statement = statement


def execute(
    connection: Connection, statement: str, properties: Mapping[str, str] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """Send ``statement`` and return the server's answers; queries that it starts read from the beginning.

    ``properties`` are more properties for those queries. Raises ``StatementRefusedError`` and ``KsqlUnreachableError``.
    """
    client = KSQLAPI(connection.ksql_url, check_version=False, timeout=_STATEMENT_TIMEOUT)
    try:
        return client.ksql(statement, stream_properties={**FROM_THE_BEGINNING, **properties})
    except KSQLError as error:
        raise StatementRefusedError(error.msg, statement) from None
    except httpx.TransportError as error:
        raise _unreachable(connection, error) from error
    except json.JSONDecodeError as error:
        raise KsqlError(f"{connection.ksql_url} answers, but not as a KSQL server does.") from error


def stream_rows(
    connection: Connection, query: str, properties: Mapping[str, str] = MappingProxyType({})
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a push or pull query as dictionaries by column name, as they come.

    A query reads from the beginning; ``properties`` are more properties for it.

    A push query without ``LIMIT`` has no end: leave the loop, or ``close()`` the generator, to end it.
    Raises ``StatementRefusedError`` and ``KsqlUnreachableError``.
    """
    client = KSQLAPI(connection.ksql_url, check_version=False, timeout=None)
    # The client decodes each chunk by itself, and a chunk may end within a character: Latin-1 keeps the bytes.
    chunks = client.query(query, encoding="latin-1", stream_properties={**FROM_THE_BEGINNING, **properties})
    columns: list[str] = []
    try:
        for line in lines_of(chunk.encode("latin-1") for chunk in chunks):
            match json.loads(line):
                case {"columnNames": names}:
                    columns = names
                case {"message": message}:
                    raise StatementRefusedError(message, query)
                case row:
                    yield dict(zip(columns, row, strict=True))
    except httpx.TransportError as error:
        raise _unreachable(connection, error) from error
    except ValueError as error:  # what the client raises for any status but 200, the answer at its end
        raise StatementRefusedError(_message_in(str(error)), query) from None
    finally:
        chunks.close()


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines, each of them JSON, in a stream that was cut into chunks anywhere; empty lines are left out.

    The client swallows a chunk that is nothing but the end of a line. So a line is whole, too, where a chunk ends
    and what there is of it is an array or an object: neither can go on behind its last bracket.
    """
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        if _is_whole(rest):
            lines.append(rest)
            rest = b""
        yield from filter(None, lines)
    if rest:
        yield rest


def _is_whole(line: bytes) -> bool:
    if not line.endswith((b"]", b"}")):
        return False
    try:
        json.loads(line)
    except ValueError:  # the bracket closes something within it, or stands in a text
        return False
    return True


def _message_in(error: str) -> str:
    start = error.find("{")
    try:
        return json.loads(error[start:])["message"] if start >= 0 else error
    except (json.JSONDecodeError, KeyError):
        return error


def _unreachable(connection: Connection, error: Exception) -> KsqlUnreachableError:
    return KsqlUnreachableError(f"No KSQL server answers at {connection.ksql_url} ({error}). Is the stack up?")

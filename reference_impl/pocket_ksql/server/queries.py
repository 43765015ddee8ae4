"""``POST /query`` and ``POST /query-stream``: the rows of push and pull queries, as they come."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from pocket_ksql.engine import PreparedStatement, PullQuery, Row, TransientQuery
from pocket_ksql.errors import KsqlError
from pocket_ksql.language.statements import Print, Select
from pocket_ksql.runner.service import KsqlService
from pocket_ksql.server.buffer import QueryFailedError, RowBuffer
from pocket_ksql.server.errors import RequestError
from pocket_ksql.server.printing import print_topic
from pocket_ksql.server.rows import DELIMITED, Layout, Result

Properties = Mapping[str, Any]

_OTHER_WITHIN = 10.0
"""Seconds that another server of the same service id may take for a look-up."""

_NOT_A_QUERY = "Statement type `io.confluent.ksql.parser.KsqlParser$PreparedStatement' not supported for this resource"


def single_statement(service: KsqlService, text: str, variables: Mapping[str, str]) -> PreparedStatement:
    """The one statement in ``text``. Raises ``KsqlError`` when it cannot be understood, or is not one query."""
    statements = service.prepare(text, variables)
    if len(statements) != 1:
        raise RequestError(f"Expected exactly one KSQL statement; found {len(statements)} instead")
    if not isinstance(statements[0].tree, Select | Print):
        raise RequestError(_NOT_A_QUERY)
    return statements[0]


async def answer_query(
    service: KsqlService, statement: PreparedStatement, properties: Properties, layout: Layout
) -> Response:
    """Run a query. Raises ``KsqlError`` when it is refused."""
    if isinstance(statement.tree, Print):
        return await print_topic(service, statement.tree)
    query = await run_in_threadpool(_compile, service, statement, properties)
    if isinstance(query, PullQuery):
        rows = await run_in_threadpool(_look_up, service, query, statement, properties)
        content = [layout.header(Result(query.id, query.columns)), *map(layout.row, rows)]
        return Response(b"".join([*content, layout.end(limit_reached=False)]), media_type=layout.media_type)
    pieces = _stream(service, query, properties, layout)
    header = await anext(pieces)  # raises what keeps the query from starting, while a status can still say so
    return StreamingResponse(_resumed(header, pieces), media_type=layout.media_type)


def _compile(service: KsqlService, statement: PreparedStatement, properties: Properties) -> PullQuery | TransientQuery:
    with service.lock:
        if isinstance(statement.tree, Select) and statement.tree.query.emit is None:
            return service.engine.pull_query(statement, properties)
        return service.engine.push_query(statement, properties)


def _look_up(service: KsqlService, query: PullQuery, statement: PreparedStatement, properties: Properties) -> list[Row]:
    """The rows of a pull query, from the server that keeps its state."""
    other = service.queries.server_of(query.query_id)
    if other is None:
        return service.pull(query)
    import httpx  # only where there are several servers

    try:
        body = {"sql": statement.text, "properties": dict(properties)}
        answer = httpx.post(f"{other}/query-stream", json=body, headers={"Accept": DELIMITED}, timeout=_OTHER_WITHIN)
    except httpx.HTTPError as error:
        raise KsqlError(f"{query.source} is kept by the server at {other}, which does not answer: {error}") from error
    if answer.is_error:
        raise KsqlError(f"{query.source} is kept by the server at {other}, which refuses: {answer.text}")
    return [orjson.loads(line) for line in answer.content.splitlines()[1:]]


async def _stream(
    service: KsqlService, query: TransientQuery, properties: Properties, layout: Layout
) -> AsyncGenerator[bytes, None]:
    """Header, rows, end; each a piece of its own, because some clients take a piece for a row."""
    buffer = RowBuffer()
    runner = await run_in_threadpool(service.push, query, properties, buffer.deliver, buffer.finish)
    count = 0
    try:
        yield layout.header(Result(query.id, query.columns))
        async for rows in buffer.chunks():
            for row in rows:
                yield layout.row(row)
                await asyncio.sleep(0)  # lets the web server send it before the next is there
            count += len(rows)
        yield layout.end(limit_reached=query.limit is not None and count >= query.limit)
    except QueryFailedError as error:
        yield layout.error(str(error))
        yield layout.end(limit_reached=False)
    finally:
        buffer.close()
        runner.stop()


async def _resumed(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
    async with contextlib.aclosing(rest):
        yield first
        async for piece in rest:
            yield piece

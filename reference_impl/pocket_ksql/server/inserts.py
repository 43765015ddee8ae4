"""``POST /inserts-stream``: rows as JSON lines, each answered with its number."""

from __future__ import annotations

from typing import Any

import orjson

from pocket_ksql.engine import PreparedStatement
from pocket_ksql.errors import KsqlError
from pocket_ksql.language.literals import name_of, row_values
from pocket_ksql.language.statements import InsertValues
from pocket_ksql.runner.service import KsqlService
from pocket_ksql.server.errors import RequestError, error_content
from pocket_ksql.types import quoted


def insert_rows(service: KsqlService, body: bytes) -> bytes:
    """The answer to a request: a line for each row, ``ok`` or what was wrong with it.

    The first line of ``body`` names the target: ``{"target": "payments"}``. Raises `RequestError` when it does
    not, or when there is no such stream or table.
    """
    first, *rows = [line for line in body.split(b"\n") if line.strip()] or [b""]
    target = _object(first).get("target")
    if not isinstance(target, str):
        raise RequestError('The first line must name a stream or a table: {"target": "NAME"}')
    name = name_of(target)
    if name not in service.engine.metastore.sources:
        raise RequestError(f"Cannot insert values into an unknown stream/table: {quoted(name)}")
    answers = [_insert(service, name, row, number) for number, row in enumerate(rows)]
    return b"".join(orjson.dumps(answer) + b"\n" for answer in answers)


def _insert(service: KsqlService, target: str, row: bytes, number: int) -> dict[str, Any]:
    try:
        values = row_values(_object(row))
        statement = InsertValues(target, tuple(values), tuple(values.values()))
        service.insert([PreparedStatement(row.decode(), statement)])
    except KsqlError as error:
        return {"status": "error", "seq": number, **error_content(error)}
    return {"status": "ok", "seq": number}


def _object(line: bytes) -> dict[str, Any]:
    try:
        content = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise RequestError(f"Invalid JSON in inserts stream request: {error}") from error
    if not isinstance(content, dict):
        raise RequestError("Each line of an inserts stream request must be a JSON object")
    return content

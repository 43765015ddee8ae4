"""The layouts in which a query's columns and rows are sent.

- delimited: a line with a header object, then a line with an array for each row;
- JSON: the same objects as the elements of one array;
- the older KSQL layout: an array of objects with ``header``, ``row`` or ``finalMessage``;
- the same with Protobuf: the header has the schema of a message, a row that message in Base64.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import orjson

from pocket_ksql.engine import ResultColumn, Row
from pocket_ksql.formats.json_writer import finite
from pocket_ksql.formats.proto_rows import row_writer, schema_text
from pocket_ksql.language.parser import parse_columns
from pocket_ksql.queries import Deleted
from pocket_ksql.schema import Column
from pocket_ksql.types import quoted

DELIMITED = "application/vnd.ksqlapi.delimited.v1"
JSON = "application/json"
KSQL = "application/vnd.ksql.v1+json"
KSQL_PROTOBUF = "application/vnd.ksql.v1+protobuf"

_FAILED = 50000


@dataclass(frozen=True)
class Result:
    """What is known of a query's answer before its rows."""

    query_id: str
    columns: Sequence[ResultColumn]


class Layout(Protocol):
    """How an answer is written, piece by piece."""

    media_type: str

    def header(self, result: Result) -> bytes: ...

    def row(self, row: Row) -> bytes: ...

    def error(self, message: str) -> bytes: ...

    def end(self, *, limit_reached: bool) -> bytes: ...


def _header(result: Result) -> dict[str, object]:
    return {
        "queryId": result.query_id,
        "columnNames": [column.name for column in result.columns],
        "columnTypes": [column.type for column in result.columns],
    }


def _error(message: str) -> dict[str, object]:
    return {"@type": "generic_error", "error_code": _FAILED, "message": message}


def _values(row: Row) -> bytes:
    """The JSON of a row's values, with text for NaN and the infinities as in a record."""
    data = orjson.dumps(row)
    return orjson.dumps(finite(list(row))) if b"null" in data else data


class Delimited:
    media_type = DELIMITED

    def header(self, result: Result) -> bytes:
        return orjson.dumps(_header(result)) + b"\n"

    def row(self, row: Row) -> bytes:
        return _values(row) + b"\n"

    def error(self, message: str) -> bytes:
        return orjson.dumps(_error(message)) + b"\n"

    def end(self, *, limit_reached: bool) -> bytes:
        return b""


class JsonArray:
    media_type = JSON

    def header(self, result: Result) -> bytes:
        return b"[" + orjson.dumps(_header(result))

    def row(self, row: Row) -> bytes:
        return b"," + _values(row)

    def error(self, message: str) -> bytes:
        return b"," + orjson.dumps(_error(message))

    def end(self, *, limit_reached: bool) -> bytes:
        return b"]"


class KsqlArray:
    media_type = KSQL

    def header(self, result: Result) -> bytes:
        schema = ", ".join(
            f"{quoted(column.name)} {column.type}{' KEY' if column.is_key else ''}" for column in result.columns
        )
        return b"[" + orjson.dumps({"header": {"queryId": result.query_id, "schema": schema}})

    def row(self, row: Row) -> bytes:
        deleted = {"tombstone": True} if isinstance(row, Deleted) else {}
        return b",\n" + orjson.dumps({"row": {"columns": orjson.Fragment(_values(row)), **deleted}})

    def error(self, message: str) -> bytes:
        return b",\n" + orjson.dumps({"errorMessage": _error(message)})

    def end(self, *, limit_reached: bool) -> bytes:
        message = "Limit Reached" if limit_reached else "Query Completed"
        return b",\n" + orjson.dumps({"finalMessage": message}) + b"]"


class KsqlProtobufArray(KsqlArray):
    """The layout of one answer: what writes its rows is known when its header has been written."""

    media_type = KSQL_PROTOBUF

    def __init__(self) -> None:
        self._write: Callable[[Row], bytes] | None = None

    def header(self, result: Result) -> bytes:
        parsed = parse_columns(", ".join(f"{quoted(one.name)} {one.type}" for one in result.columns), {})
        columns = [Column(one.name, one.type) for one in parsed]
        self._write = row_writer(columns)
        schema = schema_text(columns)
        return b"[" + orjson.dumps({"header": {"queryId": result.query_id, "protoSchema": schema}})

    def row(self, row: Row) -> bytes:
        assert self._write is not None
        content = base64.b64encode(self._write(row)).decode()
        return b",\n" + orjson.dumps({"row": {"protobufBytes": content}})


def layout(accept: str) -> Layout:
    """The layout for an ``Accept`` header; delimited when it names none of them."""
    wanted = accept.split(";")[0].strip().lower()
    if wanted == JSON:
        return JsonArray()
    if wanted == KSQL:
        return KsqlArray()
    if wanted == KSQL_PROTOBUF:
        return KsqlProtobufArray()
    return Delimited()

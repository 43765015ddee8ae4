"""PRINT: the records of a topic as text, with the formats that their bytes look like."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from pocket_ksql import temporal
from pocket_ksql.functions.pattern_writer import compile_formatter
from pocket_ksql.language.statements import Print
from pocket_ksql.records import Record
from pocket_ksql.runner.service import KsqlService
from pocket_ksql.runner.source import Source
from pocket_ksql.server.errors import JSON, RequestError

_WAIT = 0.1
_MAGIC_BYTE = b"\x00"
_WIRE_HEADER = 5
_NO_DATA = "¯\\_(ツ)_/¯ - no data processed"


async def print_topic(service: KsqlService, wanted: Print) -> Response:
    """The records of a topic, as they come or from the beginning. Raises `RequestError` if there is none."""
    if await run_in_threadpool(service.topics.partitions, wanted.topic) is None:
        raise RequestError(
            f"Could not find topic '{wanted.topic}', or the KSQL user does not have permissions to list the "
            "topic. Topic names are case-sensitive."
        )
    return StreamingResponse(_lines(service, wanted), media_type=JSON)


async def _lines(service: KsqlService, wanted: Print) -> AsyncIterator[str]:
    start = "earliest" if wanted.from_beginning else "latest"
    source = await run_in_threadpool(Source, service.settings.kafka, [wanted.topic], start=start)
    formats: tuple[str, str] | None = None
    seen = printed = 0
    try:
        while wanted.limit is None or printed < wanted.limit:
            for _, records in await run_in_threadpool(source.read, _WAIT):
                for record in records:
                    if wanted.limit is not None and printed >= wanted.limit:
                        return
                    if formats is None:
                        formats = (format_of(record.key), format_of(record.value))
                        yield f"Key format: {formats[0]}\nValue format: {formats[1]}\n"
                    if seen % (wanted.interval or 1) == 0:
                        printed += 1
                        yield line(service, record)
                    seen += 1
            await asyncio.sleep(0)
    finally:
        source.close()


def format_of(content: bytes | None) -> str:
    """A guess from the bytes of one key or value."""
    if content is None:
        return _NO_DATA
    if content.startswith(_MAGIC_BYTE) and len(content) >= _WIRE_HEADER:
        return "AVRO"
    try:
        parsed = orjson.loads(content)
    except orjson.JSONDecodeError:
        parsed = None
    if isinstance(parsed, dict | list):
        return "JSON"
    if _is_text(content):
        return "KAFKA_STRING"
    return {4: "KAFKA_INT", 8: "KAFKA_BIGINT"}.get(len(content), "UNRECOGNIZED_BYTES")


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode()
    except UnicodeDecodeError:
        return False


def line(service: KsqlService, record: Record) -> str:
    """One record as PRINT shows it."""
    close, later = temporal.near(record.timestamp)
    rowtime = compile_formatter("yyyy/MM/dd HH:mm:ss.SSS")(temporal.moment(close), later) + " Z"
    key, value = (_text(service, content) for content in (record.key, record.value))
    return f"rowtime: {rowtime}, key: {key}, value: {value}, partition: {record.partition}\n"


def _text(service: KsqlService, content: bytes | None) -> str:
    if content is None:
        return "<null>"
    kind = format_of(content)
    if kind == "AVRO":
        return _avro(service, content)
    if kind in ("KAFKA_INT", "KAFKA_BIGINT"):
        return str(int.from_bytes(content, "big", signed=True))
    return content.decode("utf-8", "backslashreplace")


def _avro(service: KsqlService, content: bytes) -> str:
    from io import BytesIO

    import fastavro

    schema = service.schemas.by_id(int.from_bytes(content[1:_WIRE_HEADER], "big"))
    if schema is None or schema.kind != "AVRO":
        return content.hex()
    parsed = fastavro.parse_schema(orjson.loads(schema.text))
    value = fastavro.schemaless_reader(BytesIO(content[_WIRE_HEADER:]), parsed, None)
    return orjson.dumps(value, default=str).decode()

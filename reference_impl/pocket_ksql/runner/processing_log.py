"""The processing log: records that a query could not use, with the reason, in ksqlDB's JSON."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable
from typing import Any

import orjson

from pocket_ksql.kafka import Kafka
from pocket_ksql.records import Rejected, Stage

_DESERIALIZATION_ERROR = 0
_RECORD_PROCESSING_ERROR = 1
_SERIALIZATION_ERROR = 3
_ERRORS = (
    "deserializationError",
    "recordProcessingError",
    "productionError",
    "serializationError",
    "kafkaStreamsThreadError",
)
"""What a message may tell; all but one are null."""

COLUMNS = (
    "LOGGER STRING, LEVEL STRING, TIME BIGINT, MESSAGE STRUCT<TYPE INTEGER, DESERIALIZATIONERROR STRUCT<"
    "TARGET STRING, ERRORMESSAGE STRING, RECORDB64 STRING, CAUSE ARRAY<STRING>, `topic` STRING>, "
    "RECORDPROCESSINGERROR STRUCT<ERRORMESSAGE STRING, RECORD STRING, CAUSE ARRAY<STRING>>, "
    "PRODUCTIONERROR STRUCT<ERRORMESSAGE STRING>, SERIALIZATIONERROR STRUCT<TARGET STRING, "
    "ERRORMESSAGE STRING, RECORD STRING, CAUSE ARRAY<STRING>, `topic` STRING>, "
    "KAFKASTREAMSTHREADERROR STRUCT<ERRORMESSAGE STRING, THREADNAME STRING, CAUSE ARRAY<STRING>>>"
)
"""The columns of the stream ``KSQL_PROCESSING_LOG`` over the log's topic."""


class ProcessingLog:
    """Writes to the log's topic. Delivery is not waited for: the log is for people."""

    def __init__(self, kafka: Kafka, topic: str) -> None:
        self._producer = kafka.producer(linger_ms=5)
        self._topic = topic

    def write(self, query_id: str, rejected: Iterable[Rejected]) -> None:
        """One line for each record, with its topic, partition, offset and, in base64, what could not be read."""
        for record in rejected:
            self._producer.produce(self._topic, value=orjson.dumps(_entry(query_id, record)))
        self._producer.poll(0)

    def close(self) -> None:
        self._producer.flush(5)


def _entry(query_id: str, rejected: Rejected) -> dict[str, Any]:
    """A record that could not be read or, where it could, what failed on it: an expression, or writing the result."""
    if rejected.stage is Stage.PROCESSING:
        return _envelope(f"{query_id}.Project", _RECORD_PROCESSING_ERROR, recordProcessingError=_failure(rejected))
    if rejected.stage is Stage.WRITING:
        error = {"target": "value", **_failure(rejected), "topic": None}
        return _envelope(f"{query_id}.Sink.serializer", _SERIALIZATION_ERROR, serializationError=error)
    logger = f"{query_id}.KsqlTopic.Source.deserializer"
    return _envelope(logger, _DESERIALIZATION_ERROR, deserializationError=_unreadable(rejected))


def _envelope(logger: str, kind: int, **error: dict[str, Any]) -> dict[str, Any]:
    return {
        "level": "ERROR",
        "logger": f"processing.{logger}",
        "time": int(time.time() * 1000),
        "message": {"type": kind, **dict.fromkeys(_ERRORS), **error},
    }


def _unreadable(rejected: Rejected) -> dict[str, Any]:
    record = rejected.record
    data = record.key if rejected.stage is Stage.KEY else record.value
    return {
        "target": "key" if rejected.stage is Stage.KEY else "value",
        "errorMessage": rejected.reason,
        "recordB64": None if data is None else base64.b64encode(data).decode(),
        "cause": [rejected.reason],
        "topic": rejected.topic,
        "partition": record.partition,
        "offset": record.offset,
    }


def _failure(rejected: Rejected) -> dict[str, Any]:
    cause = (
        rejected.reason.partition(" with message ")[2].removesuffix(", row: NULL is used instead") or rejected.reason
    )
    return {"errorMessage": rejected.reason, "record": None, "cause": [cause]}

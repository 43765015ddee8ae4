"""The processing log: records that a query could not use, with the reason, in ksqlDB's JSON."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable
from typing import Any

import orjson

from pocket_ksql.kafka import Kafka
from pocket_ksql.records import Rejected

_DESERIALIZATION_ERROR = 0
_RECORD_PROCESSING_ERROR = 1

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
        """One line for each record, with its topic, partition, offset and, in base64, its value."""
        for record in rejected:
            self._producer.produce(self._topic, value=orjson.dumps(_entry(query_id, record)))
        self._producer.poll(0)

    def close(self) -> None:
        self._producer.flush(5)


def _entry(query_id: str, rejected: Rejected) -> dict[str, Any]:
    if rejected.while_processing:
        return _processing_entry(query_id, rejected)
    record = rejected.record
    return {
        "level": "ERROR",
        "logger": f"processing.{query_id}.KsqlTopic.Source.deserializer",
        "time": int(time.time() * 1000),
        "message": {
            "type": _DESERIALIZATION_ERROR,
            "deserializationError": {
                "target": "value",
                "errorMessage": rejected.reason,
                "recordB64": None if record.value is None else base64.b64encode(record.value).decode(),
                "cause": [rejected.reason],
                "topic": rejected.topic,
                "partition": record.partition,
                "offset": record.offset,
            },
            "recordProcessingError": None,
            "productionError": None,
            "serializationError": None,
            "kafkaStreamsThreadError": None,
        },
    }


def _processing_entry(query_id: str, rejected: Rejected) -> dict[str, Any]:
    """An expression, a user's function among them, failed on a record that could be read."""
    cause = rejected.reason.partition(" with message ")[2].removesuffix(", row: NULL is used instead")
    return {
        "level": "ERROR",
        "logger": f"processing.{query_id}.Project",
        "time": int(time.time() * 1000),
        "message": {
            "type": _RECORD_PROCESSING_ERROR,
            "deserializationError": None,
            "recordProcessingError": {"errorMessage": rejected.reason, "record": None, "cause": [cause]},
            "productionError": None,
            "serializationError": None,
            "kafkaStreamsThreadError": None,
        },
    }

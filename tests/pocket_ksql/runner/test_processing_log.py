"""What the processing log says of a record that a query could not use."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from pocket_ksql.runner.processing_log import _entry
from tests.pocket_ksql.worlds import make_engine, record, start

SOURCE = (
    "CREATE STREAM s (k INT KEY, v BIGINT, t STRING) WITH (kafka_topic='s', key_format='JSON', value_format='JSON');"
)
COPY = "CREATE STREAM o WITH (timestamp='at', timestamp_format='yyyy') AS SELECT k, v / 0 AS z, t AS at FROM s;"


def logged(key: str, value: Any) -> dict[str, Any]:
    task = start(make_engine(), SOURCE + COPY).open()
    task.process("s", [record(key, value)])
    (entry,) = [_entry("Q_1", one) for one in task.rejected][-1:]
    message: dict[str, Any] = entry["message"]
    return message


@pytest.mark.parametrize(
    ("key", "value", "target", "data"),
    [("x", {"V": 1}, "key", b"x"), ("1", b"{", "value", b"{")],
)
def test_what_could_not_be_read_is_there_in_base64(key: str, value: Any, target: str, data: bytes) -> None:
    message = logged(key, value)
    assert message["type"] == 0
    error = message["deserializationError"]
    assert [error["target"], base64.b64decode(error["recordB64"]), error["topic"]] == [target, data, "s"]


def test_an_expression_that_failed_is_an_error_of_processing() -> None:
    message = logged("1", {"V": 1, "T": "2021"})
    assert [message["type"], message["recordProcessingError"]["cause"]] == [1, ["/ by zero"]]


def test_a_result_that_cannot_be_written_is_an_error_of_serialisation() -> None:
    message = logged("1", {"V": 1, "T": "soon"})
    assert message["type"] == 3
    assert "soon" in message["serializationError"]["errorMessage"]

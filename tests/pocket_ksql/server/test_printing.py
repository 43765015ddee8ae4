"""PRINT guesses formats from bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket_ksql.server.printing import format_of


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"1,2018-12-18T12:00:01Z,Hans", "KAFKA_STRING"),
        (b'{"a": 1}', "JSON"),
        (b"[1]", "JSON"),
        (b"17", "KAFKA_STRING"),
        (b"\x00\x00\x00\x00\x01abc", "AVRO"),
        (b"\x00\x00\x00\x05", "KAFKA_INT"),
        (b"\xff\xff\xff\xfe", "KAFKA_INT"),
        (b"\xff\xff\xff\xff\xff\xff\xff\xfe", "KAFKA_BIGINT"),
        (b"\xff\xfe\xfd", "UNRECOGNIZED_BYTES"),
        (None, "¯\\_(ツ)_/¯ - no data processed"),
    ],
)
def test_a_format_is_told_from_the_bytes(content: bytes | None, expected: str) -> None:
    assert format_of(content) == expected


@given(st.binary())
def test_any_bytes_have_some_format(content: bytes) -> None:
    assert format_of(content) in {
        "AVRO",
        "JSON",
        "KAFKA_STRING",
        "KAFKA_INT",
        "KAFKA_BIGINT",
        "UNRECOGNIZED_BYTES",
    }

"""KAFKA and windowed keys: the bytes of Kafka's own serialisers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError, RecordError
from pocket_ksql.formats.base import Target
from pocket_ksql.formats.kafka import KafkaFormat
from pocket_ksql.formats.windowed import join_window, split_window
from pocket_ksql.schema import Column
from pocket_ksql.services import MemorySchemas
from pocket_ksql.source import KeyWindow, WindowKind


def target(of: types.SqlType) -> Target:
    return Target("t", (Column("K", of),), MemorySchemas(), is_key=True, wrapped=False)


@pytest.mark.parametrize(
    ("of", "value", "data"),
    [
        (types.INTEGER, -1, b"\xff\xff\xff\xff"),
        (types.BIGINT, 258, b"\x00\x00\x00\x00\x00\x00\x01\x02"),
        (types.DOUBLE, 1.0, b"\x3f\xf0\x00\x00\x00\x00\x00\x00"),
        (types.STRING, "é", b"\xc3\xa9"),
    ],
)
def test_bytes_are_those_of_kafka_s_serialisers(of: types.SqlType, value: object, data: bytes) -> None:
    assert KafkaFormat().encoder(target(of))((value,)) == data
    assert KafkaFormat().decoder(target(of))(data) == (value,)


def test_a_wrong_length_is_a_reason() -> None:
    with pytest.raises(RecordError, match="is not 4"):
        KafkaFormat().decoder(target(types.INTEGER))(b"\x00")


def test_only_one_column_fits() -> None:
    with pytest.raises(KsqlStatementError, match="only supports a single field"):
        KafkaFormat().check([Column("A", types.STRING), Column("B", types.STRING)], is_key=True)


@given(st.binary(), st.integers(0, 2**62), st.integers(0, 10**9))
def test_windows_come_back_from_keys(key: bytes, start: int, length: int) -> None:
    session = KeyWindow(WindowKind.SESSION)
    assert split_window(join_window(key, start, start + length, session), session) == (key, start, start + length)
    tumbling = KeyWindow(WindowKind.TUMBLING, length)
    assert split_window(join_window(key, start, start + length, tumbling), tumbling) == (key, start, start + length)

"""PROTOBUF: what is written is read back, NULL as proto3 or the nullable representation has it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket_ksql import types
from pocket_ksql.errors import RecordError
from pocket_ksql.formats.base import Target
from pocket_ksql.formats.protobuf import ProtobufFormat
from pocket_ksql.schema import Column
from pocket_ksql.services import MemorySchemas
from tests.pocket_ksql.worlds import WIDE_DECIMALS

COLUMNS = (
    Column("I", types.INTEGER),
    Column("L", types.BIGINT),
    Column("D", types.DOUBLE),
    Column("S", types.STRING),
    Column("M", types.Decimal(38, 10)),
    Column("AT", types.TIMESTAMP),
    Column("XS", types.Array(types.INTEGER)),
    Column("TAGS", types.Map(types.STRING, types.DOUBLE)),
    Column("IN", types.Struct((("A", types.INTEGER), ("B", types.DATE)))),
    Column("BY", types.BYTES),
)
ROWS = st.tuples(
    st.integers(-(2**31), 2**31 - 1),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.none() | WIDE_DECIMALS,
    st.none() | st.integers(0, 2**41),
    st.lists(st.integers(-(2**31), 2**31 - 1)),
    st.dictionaries(st.text("ab"), st.floats(allow_nan=False)),
    st.none() | st.fixed_dictionaries({"A": st.integers(0, 9), "B": st.none() | st.integers(-(2**31), 2**31 - 1)}),
    st.binary(min_size=1),
)


def target(*columns: Column, **properties: str) -> Target:
    return Target("t", columns, MemorySchemas(), properties=properties)


@pytest.mark.parametrize("name", ["PROTOBUF", "PROTOBUF_NOSR"])
@given(row=ROWS)
def test_rows_come_back(name: str, row: tuple[Any, ...]) -> None:
    one = ProtobufFormat(name, framed=name == "PROTOBUF")
    where = target(*COLUMNS)
    written = one.encoder(where)(row)
    assert written is not None
    assert one.decoder(where)(written) == row


@given(st.binary(max_size=60))
def test_any_bytes_give_a_row_or_a_reason(data: bytes) -> None:
    try:
        row = ProtobufFormat("PROTOBUF_NOSR", framed=False).decoder(target(*COLUMNS))(data)
    except RecordError:
        return
    assert row is not None
    assert len(row) == len(COLUMNS)


@pytest.mark.parametrize(
    ("nullable", "expected"), [(None, (0, "", None)), ("OPTIONAL", (None, None, None)), ("WRAPPER", (None, None, None))]
)
def test_null_is_the_default_unless_kept_apart(nullable: str | None, expected: tuple[Any, ...]) -> None:
    one = ProtobufFormat("PROTOBUF_NOSR", framed=False)
    properties = {} if nullable is None else {"nullable": nullable}
    where = target(COLUMNS[0], COLUMNS[3], COLUMNS[-1], **properties)
    written = one.encoder(where)((None, None, None))
    assert written is not None
    assert one.decoder(where)(written) == expected

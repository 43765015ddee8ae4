"""DELIMITED: what is written is read back; what does not fit is told by column."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket_ksql import types
from pocket_ksql.errors import RecordError
from pocket_ksql.formats.base import Target
from pocket_ksql.formats.delimited import DelimitedFormat
from pocket_ksql.schema import Column
from pocket_ksql.services import MemorySchemas

COLUMNS = (
    Column("I", types.INTEGER),
    Column("S", types.STRING),
    Column("D", types.DOUBLE),
    Column("B", types.BOOLEAN),
    Column("M", types.Decimal(6, 2)),
    Column("X", types.BYTES),
)
ROWS = st.tuples(
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.booleans(),
    st.none() | st.decimals(-9999, 9999, places=2),
    st.none() | st.binary(min_size=1),
)


def target(*columns: Column, **properties: str) -> Target:
    return Target("t", columns, MemorySchemas(), properties=properties)


@given(ROWS)
def test_rows_come_back(row: tuple[Any, ...]) -> None:
    where = target(*COLUMNS)
    written = DelimitedFormat().encoder(where)(row)
    assert written is not None
    assert DelimitedFormat().decoder(where)(written) == row


@given(st.binary())
def test_any_bytes_give_a_row_or_a_reason(data: bytes) -> None:
    decode = DelimitedFormat().decoder(target(*COLUMNS))
    try:
        row = decode(data)
    except RecordError:
        return
    assert row is not None
    assert len(row) == len(COLUMNS)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1,a", "Unexpected field count, csvFields:2 schemaFields:3"),
        (b"x,a,1.0", "Column I: 'x' is no INTEGER"),
        (b"1_0,a,1.0", "Column I: '1_0' is no INTEGER"),
        (b" 1,a,1.0", "Column I: ' 1' is no INTEGER"),
        (b"1,nan,inf", "Column D: 'inf' is no DOUBLE"),
        (b"1,a,NAN", "Column D: 'NAN' is no DOUBLE"),
        ("1,a,١".encode(), "Column D: '١' is no DOUBLE"),
        (b"3000000000,a,1.0", "Column I: '3000000000' is no INTEGER"),
        (b"1,a,one", "Column D: 'one' is no DOUBLE"),
        (b"1,\xff,1.0", "not UTF-8"),
    ],
)
def test_what_does_not_fit_is_told_by_column(line: bytes, reason: str) -> None:
    decode = DelimitedFormat().decoder(target(*COLUMNS[:3]))
    with pytest.raises(RecordError, match=reason):
        decode(line)


def test_an_empty_field_is_null_and_quotes_hold_delimiters() -> None:
    decode = DelimitedFormat().decoder(target(*COLUMNS[:3]))
    assert decode(b',"a, ""b""",') == (None, 'a, "b"', None)


def test_the_delimiter_may_be_another() -> None:
    where = target(*COLUMNS[:2], delimiter="TAB")
    assert DelimitedFormat().decoder(where)(b"1\ta,b") == (1, "a,b")
    assert DelimitedFormat().encoder(where)((1, "a,b")) == b"1\ta,b"


def test_decimals_keep_their_scale() -> None:
    where = target(Column("M", types.Decimal(6, 2)))
    assert DelimitedFormat().decoder(where)(b"1.5") == (Decimal("1.50"),)


RUN = tuple(Column(f"D{number}", types.DOUBLE) for number in range(5))
DOUBLES = st.none() | st.floats() | st.floats(-1e8, 1e8) | st.floats(-2e-3, 2e-3) | st.sampled_from([0.0, -0.0, 1e-3])


@given(st.tuples(*[DOUBLES] * len(RUN)))
def test_doubles_in_a_run_are_written_and_read_as_each_alone(row: tuple[float | None, ...]) -> None:
    together = target(*RUN)
    alone = [target(column) for column in RUN]
    written = DelimitedFormat().encoder(together)(row)
    expected = [DelimitedFormat().encoder(one)((value,)) for one, value in zip(alone, row, strict=True)]
    assert written == b",".join(one or b"" for one in expected)
    read = DelimitedFormat().decoder(together)(written)
    assert [repr(value) for value in read] == [repr(value) for value in row]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("NaN", math.nan),
        ("-Infinity", -math.inf),
        ("0x1.8p1", 3.0),
        ("-0x1p9999", -math.inf),
        ("1d", 1.0),
        ("2.5F", 2.5),
        (" 1 ", 1.0),
        ("1e400", math.inf),
    ],
)
@pytest.mark.parametrize("columns", [COLUMNS[1:3], RUN])
def test_doubles_are_read_as_java_reads_them(columns: tuple[Column, ...], text: str, number: float) -> None:
    line = ["nan", text] if columns[0].type == types.STRING else ["1.0"] * (len(columns) - 1) + [text]
    assert repr(DelimitedFormat().decoder(target(*columns))(",".join(line).encode())[-1]) == repr(number)


@pytest.mark.parametrize("wrong", ["1_0", "inf", "NaNd", "x", "1,2,3,4,5,6"])
def test_what_is_wrong_in_a_run_of_doubles_is_told(wrong: str) -> None:
    with pytest.raises(RecordError, match=r"D3: '.*' is no DOUBLE|Unexpected field count"):
        DelimitedFormat().decoder(target(*RUN))(f"1.0,,3.0,{wrong},5.0".encode())

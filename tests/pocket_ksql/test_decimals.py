"""DECIMAL loses no digit, whatever is done with it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given

from pocket_ksql.decimals import of_bytes, rescaled, to_bytes
from tests.pocket_ksql.worlds import WIDE_DECIMALS, make_engine, record, start, through

LONG = "1234567890123456789012345678.1234567891"


@given(WIDE_DECIMALS)
def test_bytes_hold_every_digit(value: Decimal) -> None:
    assert of_bytes(to_bytes(value, 10), 10) == value


@pytest.mark.parametrize(("value", "written"), [("0", "00"), ("1.27", "7f"), ("1.28", "0080"), ("-1.28", "80")])
def test_bytes_are_as_few_as_java_writes(value: str, written: str) -> None:
    assert to_bytes(Decimal(value), 2).hex() == written


def test_there_is_no_negative_zero() -> None:
    assert str(rescaled(Decimal("-0.04"), 1)) == "0.0"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("-d", f"-{LONG}"),
        ("+d", LONG),
        ("ABS(-d)", LONG),
        ("ROUND(-d, 9)", "-1234567890123456789012345678.1234567890"),
        ("TRUNC(-d, 9)", "-1234567890123456789012345678.1234567890"),
        ("d + d", "2469135780246913578024691356.2469135782"),
        ("d % 7", "4.1234567891"),
        ("d / 1", f"{LONG}00000000000"),
        ("d / 1 / 1 / 1 / 1 / 1 / 1 / 1 - d", "0E-87"),
        ("CAST(d AS DECIMAL(38, 9))", "1234567890123456789012345678.123456789"),
        (f"-{LONG}", f"-{LONG}"),
        ("CEIL(-0.5)", "0.0"),
        ("CAST(-0.04 AS DECIMAL(2, 1))", "0.0"),
        ("-0.1 * 0.0", "0.00"),
    ],
)
def test_no_digit_is_lost_in_computing(expression: str, expected: str) -> None:
    sql = f"""CREATE STREAM s (d DECIMAL(38, 10)) WITH (kafka_topic='t', value_format='JSON');
              CREATE STREAM o AS SELECT {expression} AS r FROM s;"""
    [produced] = through(start(make_engine(), sql), [("t", record(None, {"D": LONG}))])
    assert produced.value is not None
    assert produced.value.decode() == f'{{"R":{Decimal(expected):f}}}'


def test_no_digit_is_lost_in_a_sum() -> None:
    sql = """CREATE TABLE s (k STRING PRIMARY KEY, g STRING, d DECIMAL(38, 10))
               WITH (kafka_topic='t', value_format='JSON');
             CREATE TABLE o AS SELECT g, SUM(d) AS r FROM s GROUP BY g;"""
    rows = [record("a", {"G": "x", "D": LONG}), record("b", {"G": "x", "D": "0.0000000001"}), record("b", None)]
    produced = through(start(make_engine(), sql), [("t", row) for row in rows])
    assert [one.value for one in produced] == [
        f'{{"R":{LONG}}}'.encode(),
        f'{{"R":{LONG[:-1]}2}}'.encode(),
        f'{{"R":{LONG}}}'.encode(),
    ]

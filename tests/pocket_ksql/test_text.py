"""Numbers in texts, as Java reads them."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import orjson
import pytest

from pocket_ksql.text import double_text, read_decimal, read_double
from tests.pocket_ksql.worlds import make_engine, record, start

NO_NUMBERS = ["", "1_000", "nan", "inf", "infinity", "0x10", "1L", "--1", ".", "1e", "1,5", "x"]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_only_python_takes_for_a_number_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="For input string"):
        read_double(text)
    with pytest.raises(ValueError, match="For input string"):
        read_decimal(text)


@pytest.mark.parametrize(
    ("text", "number"), [(" 1 ", 1.0), ("-1.", -1.0), (".5e1", 5.0), ("1f", 1.0), ("2D", 2.0), ("-Infinity", -math.inf)]
)
def test_what_java_takes_for_a_double_is_one(text: str, number: float) -> None:
    assert read_double(text) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5e-324, "4.9E-324"),
        (-2e-323, "-2.0E-323"),
        (1e23, "1.0E23"),
        (2.2250738585072014e-308, "2.2250738585072014E-308"),
        (1e-3, "0.001"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (math.nan, "NaN"),
    ],
)
def test_doubles_are_written_as_java_writes_them(number: float, text: str) -> None:
    assert double_text(number) == text


def test_a_decimal_is_read_without_loss() -> None:
    assert read_decimal("+12345678901234567890.10") == Decimal("12345678901234567890.10")


@pytest.mark.parametrize(
    ("expression", "value", "reason"),
    [
        ("CAST(s AS INT)", "1_000", 'For input string: "1_000"'),
        ("CAST(s AS DOUBLE)", "nan", 'For input string: "nan"'),
        ("CAST(s AS DECIMAL(4, 2))", "NaN", 'For input string: "NaN"'),
        ("CAST(CAST(s AS DOUBLE) AS DECIMAL(4, 2))", "NaN", "NaN is no DECIMAL"),
        ("1 / LEN(s)", "", "/ by zero"),
        ("CAST(1 AS DECIMAL(4, 2)) / LEN(s)", "", "/ by zero"),
        ("CAST(1 AS DECIMAL(4, 2)) % LEN(s)", "", "/ by zero"),
        ("REDUCE(ARRAY[1, CAST(NULL AS INT)], 0, (a, b) => a + b)", "", "NULL stands where a value is needed"),
    ],
)
def test_the_processing_log_says_in_words_why_an_expression_failed(expression: str, value: str, reason: str) -> None:
    sql = (
        "CREATE STREAM t (s STRING) WITH (kafka_topic='t', value_format='JSON');"
        f"CREATE STREAM o AS SELECT {expression} AS x FROM t;"
    )
    task = start(make_engine(), sql).open()
    [produced] = task.process("t", [record(None, {"S": value})])
    assert orjson.loads(produced.value or b"") == {"X": None}
    assert [one.reason for one in task.rejected] == [
        f"Error computing expression X with message {reason}, row: NULL is used instead"
    ]


@pytest.mark.parametrize(
    ("expression", "part", "expected"),
    [
        ("ARRAY[1, 1 / LEN(s)]", "array item", [1, None]),
        ("MAP('a' := 1 / LEN(s), 'b' := 2)", "map value", {"a": None, "b": 2}),
        ("STRUCT(a := 1, b := 1 / LEN(s))", "struct field", {"A": 1, "B": None}),
    ],
)
def test_what_fails_in_a_constructor_is_null_there_and_logged(expression: str, part: str, expected: Any) -> None:
    sql = (
        "CREATE STREAM t (s STRING) WITH (kafka_topic='t', value_format='JSON');"
        f"CREATE STREAM o AS SELECT {expression} AS x FROM t;"
    )
    task = start(make_engine(), sql).open()
    [produced] = task.process("t", [record(None, {"S": ""})])
    assert orjson.loads(produced.value or b"") == {"X": expected}
    assert [one.reason for one in task.rejected] == [
        f"Error computing expression {part} with message / by zero, row: NULL is used instead"
    ]


@pytest.mark.parametrize("of", ["INT", "BIGINT", "DOUBLE", "DECIMAL(6, 2)"])
def test_a_text_that_is_no_number_is_refused_in_a_json_column_of_numbers(of: str) -> None:
    def read(value: Any) -> tuple[list[Any], int]:
        sql = (
            f"CREATE STREAM t (x {of}) WITH (kafka_topic='t', value_format='JSON');"
            "CREATE STREAM o AS SELECT x AS y FROM t;"
        )
        task = start(make_engine(), sql).open()
        return task.process("t", [record(None, {"X": value})]), len(task.rejected)

    assert read("1_0") == ([], 1)
    produced, rejected = read("10")
    assert (len(produced), rejected) == (1, 0)

"""Rows: no bad row passes, none takes a good one with it, and each is known by its line and its reason."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fraud_pipeline.transactions import COLUMNS, ULB_COLUMNS
from fraud_pipeline.transactions.delimited import parse_line
from fraud_pipeline.transactions.text import Layout, line_count, payments_in, split_rows, whole_rows
from tests.fraud_pipeline.transactions.rows import HEADER, ULB_HEADER, everything, row, ulb_row, write

BAD_VALUES = [
    ({"V7": "abc"}, "V7: not a number"),
    ({"V7": "NaN"}, "V7: not a finite number"),
    ({"V1": "inf"}, "V1: not a finite number"),
    ({"V1": "-Infinity"}, "V1: not a finite number"),
    ({"V1": "1e999"}, "V1: not a finite number"),
    ({"V2": "1_000"}, "V2: not a number"),
    ({"V2": "0x1p3"}, "V2: not a number"),
    ({"Amount": "12,50"}, "32 columns where 31 are expected"),
    ({"Amount": '"12,50"'}, "Amount: not a number"),
    ({"Amount": '"12'}, "column 30: a stray quote"),
    ({"Amount": '12"'}, "column 30: a stray quote"),
    ({"Class": "2"}, "Class: neither 0 nor 1 nor empty"),
    ({"Class": "-1"}, "Class: neither 0 nor 1 nor empty"),
    ({"Class": "fraud"}, "Class: not a number"),
    ({"Time": ""}, "Time: empty"),
    ({"Time": "1.5"}, "Time: not a whole number"),
    ({"Time": "3000000000"}, "Time: not a whole number"),
    ({"Time": "-2000000000"}, "Time: before 1970"),
    ({"V3": "1\0"}, "V3: contains a NUL byte"),
    ({"V3": "1\N{NO-BREAK SPACE}"}, "V3: not a number"),
    ({"V3": "\N{ARABIC-INDIC DIGIT ONE}"}, "V3: not a number"),
]


@pytest.mark.parametrize(("change", "reason"), BAD_VALUES, ids=[reason for _, reason in BAD_VALUES])
def test_bad_value_is_rejected_with_its_line_and_column(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    bad = ulb_row(7, **change)
    lines = [ulb_row(0), ulb_row(1), bad, ulb_row(2)]
    payments, values, rejected = everything(write(tmp_path / "payments.csv", ULB_HEADER, lines).blocks())
    assert [payment["Id"] for payment in payments] == [1, 2, 4]
    assert [rejection.line for rejection in rejected] == [4]
    assert rejected[0].reason.startswith(reason)
    assert rejected[0].raw == bad.encode()
    assert [parse_line(value) for value in values] == payments


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row(1, timestamp="yesterday"), "Timestamp: not an ISO-8601 time"),
        (row(1, timestamp="2013-09-01"), "Timestamp: a date without a time"),
        (row(1, timestamp="1969-12-31T23:59:59Z"), "Timestamp: before 1970"),
        (row(1, timestamp="2013-13-01T00:00:00Z"), "Timestamp: not an ISO-8601 time"),
        (row(1, timestamp=""), "Timestamp: empty"),
        (row(1, user=""), "User: empty"),
        (row(1, user='Ha"ns'), "column 3: a stray quote"),
        (row(1).replace("1,", "x,", 1), "Id: not a whole number"),
        (row(1).replace("1,", "99999999999999999999,", 1), "Id: not a whole number"),
        (row(1).replace("Hans", "Ha\xffns").encode("latin-1"), "User: not valid UTF-8"),
        (row(1)[:-30], "columns where 34 are expected"),
        (b",", "2 columns where 34 are expected"),
        (b'"', "column 1: a stray quote"),
        (b"   ", "1 columns where 34 are expected"),
    ],
)
def test_bad_row_of_the_extended_file_is_rejected(tmp_path: Path, line: str | bytes, reason: str) -> None:
    source = write(tmp_path / "payments.csv", HEADER, [row(1), line, row(2)])
    payments, _, rejected = everything(source.blocks())
    assert [payment["Id"] for payment in payments] == [1, 2]
    assert [rejection.line for rejection in rejected] == [3]
    assert reason in rejected[0].reason


def test_missing_numbers_and_labels_are_no_errors(tmp_path: Path) -> None:
    source = write(tmp_path / "payments.csv", ULB_HEADER, [ulb_row(1, V5="", Amount="", Class="")])
    payments, values, rejected = everything(source.blocks())
    assert not rejected
    assert payments[0]["V5"] is payments[0]["Amount"] is payments[0]["Class"] is None
    assert values[0].endswith(b",,")
    assert parse_line(values[0]) == payments[0]


@pytest.mark.parametrize("user", ["Meier, Hans", "Hans\nMeier", "Hans\r\nMeier", 'Hans "the card" Meier', "Jürg", "李"])
def test_quoted_user_keeps_commas_quotes_and_line_ends(tmp_path: Path, user: str) -> None:
    quoted = '"' + user.replace('"', '""') + '"'
    lines = [row(1), row(2, user=quoted), row(3, V1="bad"), row(4)]
    payments, values, rejected = everything(write(tmp_path / "payments.csv", HEADER, lines).blocks())
    assert [payment["User"] for payment in payments] == ["Hans", user, "Hans"]
    assert [parse_line(value) for value in values] == payments
    assert [rejection.line for rejection in rejected] == [4 + user.count("\n")]


def test_open_quote_takes_no_good_row_with_it(tmp_path: Path) -> None:
    lines = [row(number) for number in range(2000)]
    lines[500] = row(500, user='"Hans')
    lines[1500] = row(1500, user='"Hans')
    payments, _, rejected = everything(write(tmp_path / "payments.csv", HEADER, lines).blocks())
    assert [rejection.line for rejection in rejected] == [502, 1502]
    assert len(payments) == 1998


def test_quote_that_another_row_closes_takes_no_good_row_with_it(tmp_path: Path) -> None:
    lines = [row(number) for number in range(2000)]
    lines[500] = row(500, user='"Hans')
    lines[502] = row(502, user='Hans"')
    payments, _, rejected = everything(write(tmp_path / "payments.csv", HEADER, lines).blocks())
    assert [rejection.line for rejection in rejected] == [502, 504]
    assert len(payments) == 1998


def test_lines_are_counted_over_quoted_line_ends_and_blocks(tmp_path: Path) -> None:
    lines = [row(number, user='"Hans\nMeier"' if number % 3 == 0 else "Hans") for number in range(9000)]
    lines[8500] = row(8500, V9="x")
    source = write(tmp_path / "payments.csv", HEADER, lines)
    text = source.path.read_bytes().split(b"\n")
    blocks = list(source.blocks())
    assert len(blocks) > 2
    payments, _, rejected = everything(blocks)
    assert len(payments) == 8999
    assert text[rejected[0].line - 1].startswith(b"8500,")


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_line_ends_and_empty_lines(tmp_path: Path, end: bytes) -> None:
    lines = [ulb_row(0), "", ulb_row(1), "", "", "bad", ulb_row(2)]
    payments, values, rejected = everything(write(tmp_path / "payments.csv", ULB_HEADER, lines, end).blocks())
    assert [payment["Id"] for payment in payments] == [1, 2, 4]
    assert [rejection.line for rejection in rejected] == [7]
    assert [parse_line(value) for value in values] == payments


def test_last_row_needs_no_line_end(tmp_path: Path) -> None:
    source = write(tmp_path / "payments.csv", ULB_HEADER, [ulb_row(0), ulb_row(1)], b"\n")
    source.path.write_bytes(source.path.read_bytes().rstrip(b"\n"))
    assert len(everything(source.blocks())[0]) == 2


class Trickle(io.BytesIO):
    """A stream that gives less than it is asked for, as pipes and archives do."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 1, 37))


@given(st.lists(st.binary(max_size=60), max_size=30), st.integers(1, 200))
def test_cutting_into_blocks_loses_nothing(pieces: list[bytes], size: int) -> None:
    data = b"\n".join(pieces)
    blocks = list(whole_rows(io.BytesIO(data), size))
    assert b"".join(blocks) == data
    assert sum(line_count(block) for block in blocks) == line_count(data)


FIELDS = st.one_of(
    st.floats(-1e6, 1e6).map(str),
    st.integers(-5, 100).map(str),
    st.sampled_from(["", "0", "1", "nan", '"', '"1"', "a,b", "\r", "\n", "\r\n", "\0", " 1", "1 ", "+1", "1e5", "é"]),
    st.text(max_size=4),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(FIELDS, min_size=1, max_size=36), max_size=6), st.booleans())
def test_any_text_gives_payments_and_rejected_rows_that_add_up(rows: list[list[str]], extended: bool) -> None:
    layout = Layout(COLUMNS if extended else ULB_COLUMNS)
    good = (row(1) if extended else ulb_row(1)).encode()
    data = b"\n".join([good, *(",".join(fields).encode("utf-8", "surrogateescape") for fields in rows), b"", good])
    payments, values, rejected = everything(payments_in(Trickle(data), layout, 2))
    assert len(payments) + len(rejected) == sum(1 for _ in split_rows(data, len(layout.columns), 2))
    assert [parse_line(value) for value in values] == payments
    lines = data.splitlines()
    for rejection in rejected:
        assert lines[rejection.line - 2] == rejection.raw.splitlines()[0]


LABELS = st.sampled_from(["0", "1", ""])
SECONDS = st.integers(0, 2**31 - 1)
NUMBERS = st.floats(-1e12, 1e12).map(repr) | st.integers(-(10**6), 10**6).map(str) | st.just("")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.lists(NUMBERS, min_size=29, max_size=29), SECONDS, LABELS), min_size=1, max_size=5))
def test_fast_and_careful_paths_agree(rows: list[tuple[list[str], int, str]]) -> None:
    lines = [",".join([str(seconds), *numbers, label]) for numbers, seconds, label in rows]
    good = "\n".join(lines).encode()
    fast = everything(payments_in(io.BytesIO(good), Layout(ULB_COLUMNS), 2))
    careful = everything(payments_in(io.BytesIO(good + b"\nbad row"), Layout(ULB_COLUMNS), 2))
    assert fast[0] == careful[0]
    assert [parse_line(value) for value in fast[1]] == [parse_line(value) for value in careful[1]]
    assert [rejection.reason for rejection in careful[2]] == ["1 columns where 31 are expected"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1), min_size=1))
def test_users_survive_the_way_through_a_csv_file(users: list[str]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for number, user in enumerate(users):
        writer.writerow([number, "2013-09-01T00:00:00Z", user, *ulb_row(number).split(",")])
    payments, values, rejected = everything(payments_in(io.BytesIO(out.getvalue().encode()), Layout(COLUMNS), 2))
    assert [payment["User"] for payment in payments] == users
    assert [parse_line(value)["User"] for value in values] == users
    assert not rejected

"""Patterns of times: what was written and read here is what Java 17's DateTimeFormatter writes and reads."""

from __future__ import annotations

from datetime import date

import pytest

from pocket_ksql.functions.pattern_reader import compile_fields
from pocket_ksql.functions.pattern_writer import compile_formatter
from pocket_ksql.functions.patterns import find_zone
from pocket_ksql.temporal import moment

MONDAY = moment(1_620_000_000_123).astimezone(find_zone("Europe/Paris"))
LAST_OF_YEAR = moment(1_609_459_199_999)


@pytest.mark.parametrize(
    ("pattern", "monday", "last"),
    [
        ("EEEEE MMMMM QQQQQ GGGGG", "M M 2 A", "T D 4 A"),
        ("e ee eee eeee", "2 02 Mon Monday", "5 05 Thu Thursday"),
        ("c ccc cccc ccccc", "2 Mon Monday M", "5 Thu Thursday T"),
        ("W ww YYYY", "2 19 2021", "5 01 2021"),
        ("X XXX Z ZZZZ ZZZZZ x", "+02 +02:00 +0200 GMT+02:00 +02:00 +02", "Z Z +0000 GMT Z +00"),
        ("D DDD yy uuuuu", "123 123 21 02021", "366 366 20 02020"),
    ],
)
def test_letters_are_written_as_java_writes_them(pattern: str, monday: str, last: str) -> None:
    write = compile_formatter(pattern)
    assert [write(MONDAY), write(LAST_OF_YEAR)] == [monday, last]


@pytest.mark.parametrize("pattern", ["HHH", "mmm", "ddd", "DDDD", "aa", "cc", "OO", "V", "VVV", "zzzzz", "www"])
def test_more_letters_than_java_takes_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="Pattern letter count must be"):
        compile_formatter(pattern)
    with pytest.raises(ValueError, match="Pattern letter count must be"):
        compile_fields(pattern)("1")


@pytest.mark.parametrize(
    ("pattern", "text", "day"),
    [
        ("EEE, d MMM yyyy", "Mon, 3 May 2021", date(2021, 5, 3)),
        ("e yyyy-MM-dd", "2 2021-05-03", date(2021, 5, 3)),
        ("QQQ yyyy-MM-dd", "q2 2021-05-03", date(2021, 5, 3)),
        ("dMMMyyyy", "22Dec2021", date(2021, 12, 22)),
        ("yyyyMMdd", "20211222", date(2021, 12, 22)),
        ("yyyy-M-d", "1970-6-020", date(1970, 6, 20)),
        ("yyyy D", "2020 366", date(2020, 12, 31)),
        ("yyyy-MM-dd", "2021-02-30", date(2021, 2, 28)),
    ],
)
def test_dates_are_read_as_java_reads_them(pattern: str, text: str, day: date) -> None:
    assert compile_fields(pattern)(text).day == day


@pytest.mark.parametrize(
    ("pattern", "text", "minutes"),
    [("Hmm", "1047", 647), ("h:mm a", "0:30 pm", 750), ("k:mm", "24:10", 10), ("HH:mm", "24:00", 0)],
)
def test_times_of_day_are_read_as_java_reads_them(pattern: str, text: str, minutes: int) -> None:
    assert compile_fields(pattern)(text).time == minutes * 60_000


def test_zones_are_read_in_any_case() -> None:
    assert compile_fields("yyyy-MM-dd HH:mm z")("2021-05-03 10:00 utc").zone == find_zone("UTC")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("EEE, d MMM yyyy", "Tue, 3 May 2021"),
        ("e yyyy-MM-dd", "3 2021-05-03"),
        ("yyyy-DDD", "2021-366"),
        ("MMddyyyy", "091602024"),
        ("yyyy-MM-dd", "02021-05-03"),
        ("yyyy-MM-dd", "2021-13-01"),
        ("yyyy-MM-dd", "2021-00-01"),
        ("h:mm a", "13:05 PM"),
        ("K:mm a", "12:05 PM"),
        ("HH:mm", "24:01"),
        ("HH:mm", "12:60"),
    ],
)
def test_what_java_does_not_read_is_not_read(pattern: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"parsed|Invalid|Conflict"):
        compile_fields(pattern)(text)

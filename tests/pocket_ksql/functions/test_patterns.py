"""Patterns of times: what was written and read here is what Java 17's DateTimeFormatter writes and reads."""

from __future__ import annotations

from datetime import date

import pytest

from pocket_ksql.functions.pattern_reader import compile_fields, compile_parser
from pocket_ksql.functions.pattern_writer import compile_formatter
from pocket_ksql.functions.patterns import find_zone
from pocket_ksql.temporal import days_of, moment, near

MONDAY = moment(1_620_000_000_123).astimezone(find_zone("Europe/Paris"))
LAST_OF_YEAR = moment(1_609_459_199_999)


@pytest.mark.parametrize(
    ("pattern", "monday", "last"),
    [
        ("EEEEE MMMMM QQQQQ GGGGG", "M M 2 A", "T D 4 A"),
        ("e ee eee eeee", "2 02 Mon Monday", "5 05 Thu Thursday"),
        ("c ccc cccc ccccc", "2 Mon Monday M", "5 Thu Thursday T"),
        ("W ww YYYY", "2 19 2021", "5 01 2021"),
        ("v vvvv", "CET Central European Time", "UTC Coordinated Universal Time"),
        ("[d][M", "35", "3112"),
        ("X XXX Z ZZZZ ZZZZZ x", "+02 +02:00 +0200 GMT+02:00 +02:00 +02", "Z Z +0000 GMT Z +00"),
        (
            "zzzz F B BBBBB",
            "Central European Summer Time 3 at night at night",
            "Coordinated Universal Time 3 at night at night",
        ),
        ("ppH ppppd pppE", " 2    3 Mon", "23   31 Thu"),
        ("D DDD yy uuuuu", "123 123 21 02021", "366 366 20 02020"),
    ],
)
def test_letters_are_written_as_java_writes_them(pattern: str, monday: str, last: str) -> None:
    write = compile_formatter(pattern)
    assert [write(MONDAY), write(LAST_OF_YEAR)] == [monday, last]


@pytest.mark.parametrize(
    "pattern", ["HHH", "mmm", "SSSSSSSSSS", "ddd", "DDDD", "aa", "cc", "OO", "V", "VVV", "zzzzz", "www"]
)
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
        ("F yyyy-MM-dd", "5 2021-08-19", date(2021, 8, 19)),
        ("YYYY-'W'ww-e", "2021-W19-2", date(2021, 5, 3)),
        ("ww YYYY EEE", "01 2021 Thu", date(2020, 12, 31)),
        ("w W yyyy-MM-dd", "19 2 2021-05-03", date(2021, 5, 3)),
        ("ppd.ppM.yyyy", " 3. 5.2021", date(2021, 5, 3)),
        ("yyyy-MM-dd", "2021-02-30", date(2021, 2, 28)),
    ],
)
def test_dates_are_read_as_java_reads_them(pattern: str, text: str, day: date) -> None:
    assert compile_fields(pattern)(text).day == days_of(day)


@pytest.mark.parametrize(
    ("pattern", "text", "minutes"),
    [
        ("Hmm", "1047", 647),
        ("h:mm a", "0:30 pm", 750),
        ("k:mm", "24:10", 10),
        ("HH:mm", "24:00", 0),
        ("h:mm B", "1:30 In The Afternoon", 810),
        ("h B", "12 midnight", 0),
        ("h BBBBB", "12 n", 720),
        ("HH B", "09 in the morning", 540),
    ],
)
def test_times_of_day_are_read_as_java_reads_them(pattern: str, text: str, minutes: int) -> None:
    assert compile_fields(pattern)(text).time == minutes * 60_000


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Central European Summer Time", "Europe/Paris"),
        ("Pacific Time", "America/Los_Angeles"),
        ("coordinated universal time", "UTC"),
        ("Hawaii-Aleutian Standard Time", "Pacific/Honolulu"),
    ],
)
def test_zones_are_read_by_their_english_names(name: str, zone: str) -> None:
    assert compile_fields("hh 'o''clock' a, zzzz")(f"08 o'clock PM, {name}").zone == find_zone(zone)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("UTC", "UTC UTC Coordinated Universal Time"),
        ("gmt", "GMT GMT Greenwich Mean Time"),
        ("Z", "Z Z Z"),
        ("+00:00", "Z Z Z"),
        ("+2", "+02:00 +02:00 +02:00"),
        ("-033015", "-03:30:15 -03:30:15 -03:30:15"),
        ("UTC+2", "UTC+02:00 UTC+02:00 UTC+02:00"),
        ("GMT-0", "GMT GMT Greenwich Mean Time"),
        ("America/New_York", "America/New_York EST Eastern Standard Time"),
    ],
)
def test_zones_are_written_as_java_names_them(name: str, shown: str) -> None:
    assert compile_formatter("VV z zzzz")(moment(0).astimezone(find_zone(name))) == shown


@pytest.mark.parametrize(
    ("pattern", "text", "milliseconds"),
    [
        ("yyyy-MM-dd HH:mm", "1970-01-01 24:00", 86_400_000),
        ("yyyy-MM-dd HH ZZZZ", "1970-01-01 03 GMT+02:00", 3_600_000),
        ("yyyy-MM-dd HH zzzz", "1970-01-01 03 -03:30", 23_400_000),
    ],
)
def test_timestamps_are_read_as_java_reads_them(pattern: str, text: str, milliseconds: int) -> None:
    assert compile_parser(pattern)(text) == milliseconds


@pytest.mark.parametrize(
    ("pattern", "text", "milliseconds"),
    [
        ("n s m H", "709000000 54 44 3", 13_494_709),
        ("AAAA", "68597686", 68_597_686),
        ("NN", "13494709000000", 13_494_709),
    ],
)
def test_parts_of_a_second_and_of_a_day_are_read(pattern: str, text: str, milliseconds: int) -> None:
    assert compile_fields(pattern)(text).time == milliseconds


def test_times_before_there_were_zones_have_the_sun_s_offset_and_the_name_of_today() -> None:
    noon = moment(-2_208_945_600_000).astimezone(find_zone("Australia/Sydney")).replace(year=1890)
    assert (
        compile_formatter("z XXX XXXXX xxxx ZZZZ O")(noon) == "AEST +10:04 +10:04:52 +100452 GMT+10:04:52 GMT+10:04:52"
    )


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
        ("h B", "3 in the evening"),
        ("F yyyy-MM-dd", "4 2021-08-19"),
        ("w yyyy-MM-dd", "18 2021-05-03"),
        ("QQQ yyyy-MM-dd", "Q1 2021-05-03"),
        ("HH:mm XXX", "12:00 +05:60"),
        ("HH:mm XXX", "12:00 +19:00"),
        ("yyyy-MM-dd", "0000-05-03"),
        ("HH:mm", "24:01"),
        ("HH:mm", "12:60"),
    ],
)
def test_what_java_does_not_read_is_not_read(pattern: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"parsed|Invalid|Conflict|range"):
        compile_fields(pattern)(text)


@pytest.mark.parametrize(
    ("hour", "minute", "period", "narrow"),
    [(0, 0, "midnight", "mi"), (0, 30, "at night", "at night"), (6, 0, "in the morning", "in the morning"),
     (12, 0, "noon", "n"), (12, 1, "in the afternoon", "in the afternoon"),
     (20, 59, "in the evening", "in the evening"), (21, 0, "at night", "at night")],
)  # fmt: skip
def test_parts_of_the_day_have_the_names_that_java_gives_them(hour: int, minute: int, period: str, narrow: str) -> None:
    when = moment((hour * 60 + minute) * 60_000)
    assert [compile_formatter(pattern)(when) for pattern in ("B", "BBBBB")] == [period, narrow]


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/New_York", "Eastern Daylight Time"),
        ("Europe/London", "British Summer Time"),
        ("Europe/Dublin", "Irish Standard Time"),
        ("Asia/Kolkata", "India Standard Time"),
        ("America/Sao_Paulo", "Brasilia Standard Time"),
        ("Asia/Shanghai", "China Standard Time"),
        ("Asia/Jerusalem", "Israel Daylight Time"),
        ("+02:00", "+02:00"),
    ],
)
def test_zones_have_the_english_names_that_java_gives_them(zone: str, name: str) -> None:
    assert compile_formatter("zzzz")(MONDAY.astimezone(find_zone(zone))) == name


def test_a_zone_without_a_known_name_is_named_as_such() -> None:
    with pytest.raises(ValueError, match="Pacific/Niue"):
        compile_formatter("zzzz")(MONDAY.astimezone(find_zone("Pacific/Niue")))


@pytest.mark.parametrize("pattern", ["p", "ppp:", "BB", "FF", "vv"])
def test_letters_that_do_not_stand_so_in_java_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"Pad letter|Pattern letter count"):
        compile_formatter(pattern)


def test_what_is_wider_than_its_pad_is_not_written() -> None:
    with pytest.raises(ValueError, match="exceeds pad width of 2"):
        compile_formatter("ppMMM")(MONDAY)


@pytest.mark.parametrize(
    ("pattern", "far", "early"),
    [
        ("yyyy-MM-dd HH:mm:ss.SSS EEE", "+292278994-08-17 07:12:55.807 Sun", "+292275056-05-16 16:47:04.192 Sun"),
        ("u", "292278994", "-292275055"),
        ("yy G GGGG", "94 AD Anno Domini", "56 BC Before Christ"),
    ],
)
def test_years_beyond_those_of_python_are_written(pattern: str, far: str, early: str) -> None:
    write = compile_formatter(pattern)
    for value, expected in ((2**63 - 1, far), (-(2**63), early)):
        close, later = near(value)
        assert write(moment(close), later) == expected

"""Functions on DATE, TIME and TIMESTAMP, and their texts in Java's patterns."""

from __future__ import annotations

import calendar
import time as clocks
from datetime import UTC, date, datetime

from pocket_ksql import temporal
from pocket_ksql.functions.pattern_reader import compile_fields, compile_parser
from pocket_ksql.functions.pattern_writer import compile_formatter
from pocket_ksql.functions.patterns import DATE_LETTERS, TIME_LETTERS, ZONE_LETTERS, find_zone, letters
from pocket_ksql.functions.registry import scalar
from pocket_ksql.language.statements import MILLISECONDS

CATEGORY = "DATE / TIME"


@scalar("UNIX_TIMESTAMP", "() -> BIGINT")
def unix_timestamp() -> int:
    """Returns the milliseconds since 1970 now."""
    return clocks.time_ns() // 1_000_000


@scalar("UNIX_TIMESTAMP", "(timestamp TIMESTAMP) -> BIGINT")
def unix_timestamp_of(value: int) -> int:
    """Returns the milliseconds since 1970 of a TIMESTAMP."""
    return value


@scalar("UNIX_DATE", "() -> INT")
def unix_date() -> int:
    """Returns the days since 1970 today."""
    return clocks.time_ns() // 1_000_000 // temporal.DAY


@scalar("UNIX_DATE", "(date DATE) -> INT")
def unix_date_of(value: int) -> int:
    """Returns the days since 1970 of a DATE."""
    return value


@scalar("FROM_UNIXTIME", "(milliseconds BIGINT) -> TIMESTAMP")
def from_unixtime(value: int) -> int:
    """Returns the TIMESTAMP of milliseconds since 1970."""
    return value


@scalar("FROM_DAYS", "(days INT) -> DATE")
def from_days(value: int) -> int:
    """Returns the DATE of days since 1970."""
    return value


# --- to text and from text ---------------------------------------------------------------------------------------


def _check(pattern: str, refused: frozenset[str], what: str) -> None:
    """Raise ``ValueError`` if a pattern names fields that a value of its kind does not have."""
    foreign = sorted(letters(pattern) & refused)
    if foreign:
        raise ValueError(f"The pattern '{pattern}' for a {what} has fields that it does not know: {', '.join(foreign)}")


@scalar("TIMESTAMPTOSTRING", "(epochMilli BIGINT, formatPattern STRING) -> STRING",
        "(epochMilli BIGINT, formatPattern STRING, timeZone STRING) -> STRING")  # fmt: skip
@scalar("FORMAT_TIMESTAMP", "(timestamp TIMESTAMP, formatPattern STRING) -> STRING",
        "(timestamp TIMESTAMP, formatPattern STRING, timeZone STRING) -> STRING")  # fmt: skip
def format_timestamp(value: int, pattern: str, zone: str = "UTC") -> str:
    """Writes a timestamp in a pattern of Java's DateTimeFormatter, in a time zone."""
    close, later = temporal.near(value)
    return compile_formatter(pattern)(temporal.moment(close).astimezone(find_zone(zone)), later)


@scalar("STRINGTOTIMESTAMP", "(formattedTimestamp STRING, formatPattern STRING) -> BIGINT",
        "(formattedTimestamp STRING, formatPattern STRING, timeZone STRING) -> BIGINT")  # fmt: skip
@scalar("PARSE_TIMESTAMP", "(formattedTimestamp STRING, formatPattern STRING) -> TIMESTAMP",
        "(formattedTimestamp STRING, formatPattern STRING, timeZone STRING) -> TIMESTAMP")  # fmt: skip
def parse_timestamp(text: str, pattern: str, zone: str = "UTC") -> int:
    """Reads a timestamp in a pattern of Java's DateTimeFormatter, in a time zone unless the text names one."""
    return compile_parser(pattern, find_zone(zone))(text)


@scalar("DATETOSTRING", "(epochDays INT, formatPattern STRING) -> STRING")
@scalar("FORMAT_DATE", "(date DATE, formatPattern STRING) -> STRING")
def format_date(value: int, pattern: str) -> str:
    """Writes a date in a pattern of Java's DateTimeFormatter."""
    _check(pattern, TIME_LETTERS | ZONE_LETTERS, "date")
    day, later = temporal.day_of(value)
    return compile_formatter(pattern)(datetime(day.year, day.month, day.day, tzinfo=UTC), later)


@scalar("STRINGTODATE", "(formattedDate STRING, formatPattern STRING) -> INT")
def string_to_date(text: str, pattern: str) -> int:
    """Reads a date, with year, month and day, in a pattern of Java's DateTimeFormatter."""
    named = letters(pattern)
    if not (named & {"y", "u"} and ("D" in named or (named & {"M", "L"} and "d" in named))):
        raise ValueError(f"The pattern '{pattern}' does not name a day")
    return _date(text, pattern)


@scalar("PARSE_DATE", "(formattedDate STRING, formatPattern STRING) -> DATE")
def parse_date(text: str, pattern: str) -> int:
    """Reads a date in a pattern of Java's DateTimeFormatter."""
    _check(pattern, TIME_LETTERS, "date")
    return _date(text, pattern)


def _date(text: str, pattern: str) -> int:
    day = compile_fields(pattern)(text).day
    if day is None:
        raise ValueError(f"Failed to parse date '{text}' with formatter '{pattern}'")
    return temporal.within32(day)


@scalar("FORMAT_TIME", "(time TIME, formatPattern STRING) -> STRING")
def format_time(value: int, pattern: str) -> str:
    """Writes a time of day in a pattern of Java's DateTimeFormatter."""
    _check(pattern, DATE_LETTERS | ZONE_LETTERS, "time")
    return compile_formatter(pattern)(temporal.moment(value))


@scalar("PARSE_TIME", "(formattedTime STRING, formatPattern STRING) -> TIME")
def parse_time(text: str, pattern: str) -> int:
    """Reads a time of day in a pattern of Java's DateTimeFormatter."""
    _check(pattern, DATE_LETTERS, "time")
    time = compile_fields(pattern)(text).time
    if time is None:
        raise ValueError(f"Failed to parse time '{text}' with formatter '{pattern}'")
    return time


@scalar("CONVERT_TZ", "(timestamp TIMESTAMP, fromTimeZone STRING, toTimeZone STRING) -> TIMESTAMP")
def convert_tz(value: int, source: str, target: str) -> int:
    """Takes a timestamp as one time zone's wall clock shows it and returns what another's shows."""
    close, _ = temporal.near(value)
    naive = temporal.moment(close).replace(tzinfo=find_zone(source))
    shown = naive.astimezone(find_zone(target)).replace(tzinfo=UTC)
    return temporal.within64(value + temporal.milliseconds(shown) - close)


# --- arithmetic --------------------------------------------------------------------------------------------------


def _months(value: int, count: int) -> int:
    """The days since 1970 of the same day ``count`` months later, or of the month's last."""
    day, later = temporal.day_of(value)
    year, month = divmod((day.year + later) * 12 + day.month - 1 + count, 12)
    year, later = temporal.near_year(year)
    return temporal.days_of(date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1])), later)


def _shift(value: int, unit: str, count: int) -> int:
    """``value`` in milliseconds, ``count`` units later, by the calendar for months and years."""
    if unit in ("MONTHS", "YEARS"):
        days, rest = divmod(value, temporal.DAY)
        value = _months(days, count * (12 if unit == "YEARS" else 1)) * temporal.DAY + rest
    else:
        value += count * MILLISECONDS[unit]
    return temporal.within64(value)


@scalar("TIMESTAMPADD", "(unit STRING, interval INT, timestamp TIMESTAMP) -> TIMESTAMP")
def timestampadd(unit: str, count: int, value: int) -> int:
    """Adds a duration to a TIMESTAMP."""
    return _shift(value, unit, count)


@scalar("TIMESTAMPSUB", "(unit STRING, interval INT, timestamp TIMESTAMP) -> TIMESTAMP")
def timestampsub(unit: str, count: int, value: int) -> int:
    """Subtracts a duration from a TIMESTAMP."""
    return _shift(value, unit, -count)


@scalar("DATEADD", "(unit STRING, interval INT, date DATE) -> DATE")
def dateadd(unit: str, count: int, value: int) -> int:
    """Adds a duration to a DATE."""
    return temporal.timestamp_to_date(_shift(value * temporal.DAY, unit, count))


@scalar("DATESUB", "(unit STRING, interval INT, date DATE) -> DATE")
def datesub(unit: str, count: int, value: int) -> int:
    """Subtracts a duration from a DATE."""
    return temporal.timestamp_to_date(_shift(value * temporal.DAY, unit, -count))


@scalar("TIMEADD", "(unit STRING, interval INT, time TIME) -> TIME")
def timeadd(unit: str, count: int, value: int) -> int:
    """Adds a duration to a TIME, around midnight."""
    return _shift(value, unit, count) % temporal.DAY


@scalar("TIMESUB", "(unit STRING, interval INT, time TIME) -> TIME")
def timesub(unit: str, count: int, value: int) -> int:
    """Subtracts a duration from a TIME, around midnight."""
    return _shift(value, unit, -count) % temporal.DAY

"""TIME, DATE and TIMESTAMP as numbers, and their ISO text.

Python's dates end with the year 9999 and begin with 1, Java's do not. The calendar repeats itself every 400 years, days
of the week included: a time beyond is treated as one of a year within, so many years away.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = 86_400_000
_EPOCH = date(1970, 1, 1)
_EPOCH_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_CYCLE = 146_097
"""Days of 400 years."""
_SECOND_YEAR, _LAST_YEAR = ((date(year, 1, 1) - _EPOCH).days * DAY for year in (2, 9999))
_YEAR_400, _YEAR_2400 = ((date(year, 1, 1) - _EPOCH).days * DAY for year in (400, 2400))
_TIME = re.compile(r"(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?\Z")
_YEAR = r"(?:\d{1,4}|-\d{4,9}|\+\d{5,9})"
_TIMESTAMP = re.compile(
    rf"(?P<date>{_YEAR}(?:-\d{{1,2}}(?:-\d{{1,2}})?)?)(?:[T ](?P<time>[\d:.]*))?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?\Z"
)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970 of a time with a zone."""
    return (moment - _EPOCH_TIME) // timedelta(milliseconds=1)


def moment(value: int) -> datetime:
    """The UTC time of milliseconds since 1970; ``OverflowError`` outside the years 1 to 9999."""
    return _EPOCH_TIME + timedelta(milliseconds=value)


def near(value: int) -> tuple[int, int]:
    """A time within the years 2 to 9998, and how many years, a multiple of 400, it is before milliseconds ``value``.

    What is too late is taken to the years 2400 to 2799, where summer begins by today's rules of a time zone; what is
    too early to the years 400 to 799, of which no zone knows anything, as of those before.
    """
    if _SECOND_YEAR <= value < _LAST_YEAR:
        return value, 0
    cycles = (value - (_YEAR_2400 if value > 0 else _YEAR_400)) // (_CYCLE * DAY)
    return value - cycles * _CYCLE * DAY, cycles * 400


def near_year(year: int) -> tuple[int, int]:
    """A year within 2 to 9998, and how many years, a multiple of 400, it is before ``year``."""
    if 1 < year < 9999:
        return year, 0
    cycles = (year - (2400 if year > 0 else 400)) // 400
    return year - cycles * 400, cycles * 400


def days_of(day: date, later: int = 0) -> int:
    """Days since 1970 of a day ``later`` years, a multiple of 400, after ``day``."""
    return (day - _EPOCH).days + later // 400 * _CYCLE


def day_of(value: int) -> tuple[date, int]:
    """A day within Python's years, and how many years, a multiple of 400, it is before days ``value`` since 1970."""
    close, later = near(value * DAY)
    return _EPOCH + timedelta(days=close // DAY), later


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970 of a day of any year; ``ValueError`` if there is none, or a DATE cannot hold it."""
    close, later = near_year(year)
    return within32(days_of(date(close, month, day), later))


def year_month_day(value: int) -> tuple[int, int, int]:
    """The day that is ``value`` days after 1970-01-01: year (of any number of digits), month and day."""
    day, later = day_of(value)
    return day.year + later, day.month, day.day


def parse_time(text: str) -> int:
    """Milliseconds since midnight of ``HH:mm:ss.SSS``; parts may be left out from the right."""
    match = _TIME.match(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no time: expected HH:mm:ss.SSS")
    hour, minute, second = (int(match[index] or 0) for index in (1, 2, 3))
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(f"{text!r} is no time of a day")
    return ((hour * 60 + minute) * 60 + second) * 1000 + int((match[4] or "0").ljust(3, "0")[:3])


def format_time(value: int) -> str:
    """``HH:mm``, with seconds and milliseconds where they are not zero."""
    seconds, fraction = divmod(value, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    text = f"{hour:02}:{minute:02}"
    if second or fraction:
        text += f":{second:02}"
    return text + (f".{fraction:03}" if fraction else "")


def parse_date(text: str) -> int:
    """Days since 1970 of ``yyyy-MM-dd``; month and day may be left out, a time of day is dropped."""
    return within32(_days(text))


def _days(text: str) -> int:
    parts = re.match(rf"\s*({_YEAR})(?:-(\d{{1,2}})(?:-(\d{{1,2}}))?)?(?:[T ].*)?\Z", text)
    if parts is None:
        raise ValueError(f"{text!r} is no date: expected yyyy-MM-dd")
    year, later = near_year(int(parts[1]))
    return days_of(date(year, int(parts[2] or 1), int(parts[3] or 1)), later)


def format_date(value: int) -> str:
    """``yyyy-MM-dd``; years of more than four digits, or before the year 0, have a sign."""
    day, later = day_of(value)
    return day.isoformat() if not later else f"{year_text(day.year + later)}-{day:%m-%d}"


def year_text(year: int) -> str:
    """A year as Java's ISO texts have it.

    >>> year_text(5), year_text(-5), year_text(12345)
    ('0005', '-0005', '+12345')
    """
    return f"{'-' if year < 0 else '+' if year > 9999 else ''}{abs(year):04}"


def parse_timestamp(text: str) -> int:
    """Milliseconds since 1970 of ``yyyy-MM-ddTHH:mm:ss.SSS`` with an optional zone; UTC without one."""
    match = _TIMESTAMP.match(text.strip())
    if match is None:
        raise ValueError(
            f"Required format is: \"yyyy-MM-dd'T'HH:mm:ss.SSS\", with an optional numeric 4 digit timezone, "
            f"for example: '2020-05-26T23.59.58.000' or with tz: '2020-05-26T23.59.58.000+0200'. Got: '{text}'"
        )
    value = _days(match["date"]) * DAY + (_time_or_midnight(match["time"]) if match["time"] else 0)
    zone = match["zone"]
    if zone and zone != "Z":
        hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
        offset = (hours * 60 + minutes) * 60_000
        value += -offset if zone[0] == "+" else offset
    return within64(value)


def within64(value: int) -> int:
    """``value`` if it fits a TIMESTAMP, whose milliseconds have 64 bits; else ``ValueError``."""
    if not -(1 << 63) <= value < 1 << 63:
        raise ValueError("long overflow: the time is too far from 1970")
    return value


def within32(value: int) -> int:
    """``value`` if it fits a DATE, whose days have 32 bits; else ``ValueError``."""
    if not -(1 << 31) <= value < 1 << 31:
        raise ValueError("integer overflow: the day is too far from 1970")
    return value


def _time_or_midnight(text: str) -> int:
    """As ``parse_time``, where the hour 24 is the midnight at the day's end."""
    return DAY if re.fullmatch(r"24(:00(:00(\.0+)?)?)?", text) else parse_time(text)


def format_timestamp(value: int) -> str:
    """``yyyy-MM-ddTHH:mm:ss.SSS`` in UTC; years as in `format_date`."""
    close, later = near(value)
    when = moment(close)
    return f"{year_text(when.year + later)}{when:-%m-%dT%H:%M:%S.}{value % 1000:03}"


def date_to_timestamp(value: int) -> int:
    return value * DAY


def timestamp_to_date(value: int) -> int:
    """The day of a TIMESTAMP; ``ValueError`` for one that a DATE cannot hold."""
    return within32(value // DAY)


def timestamp_to_time(value: int) -> int:
    return value % DAY


def zone(name: str) -> ZoneInfo:
    """A time zone by its name; ``KeyError`` if unknown."""
    return ZoneInfo(name)

"""TIME, DATE and TIMESTAMP as numbers, and their ISO text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = 86_400_000
_EPOCH = date(1970, 1, 1)
_EPOCH_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_TIME = re.compile(r"(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?\Z")
_TIMESTAMP = re.compile(
    r"(?P<date>\d{1,4}(?:-\d{1,2}(?:-\d{1,2})?)?)(?:[T ](?P<time>[\d:.]*))?(?P<zone>Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?\Z"
)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970 of a time with a zone."""
    return (moment - _EPOCH_TIME) // timedelta(milliseconds=1)


def moment(value: int) -> datetime:
    """The UTC time of milliseconds since 1970; ``OverflowError`` outside the years 1 to 9999."""
    return _EPOCH_TIME + timedelta(milliseconds=value)


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
    parts = re.match(r"\s*(\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ].*)?\Z", text)
    if parts is None:
        raise ValueError(f"{text!r} is no date: expected yyyy-MM-dd")
    return (date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1)) - _EPOCH).days


def format_date(value: int) -> str:
    return (_EPOCH + timedelta(days=value)).isoformat()


def parse_timestamp(text: str) -> int:
    """Milliseconds since 1970 of ``yyyy-MM-ddTHH:mm:ss.SSS`` with an optional zone; UTC without one."""
    match = _TIMESTAMP.match(text.strip())
    if match is None:
        raise ValueError(
            f"Required format is: \"yyyy-MM-dd'T'HH:mm:ss.SSS\", with an optional numeric 4 digit timezone, "
            f"for example: '2020-05-26T23.59.58.000' or with tz: '2020-05-26T23.59.58.000+0200'. Got: '{text}'"
        )
    value = parse_date(match["date"]) * DAY + (_time_or_midnight(match["time"]) if match["time"] else 0)
    zone = match["zone"]
    if zone and zone != "Z":
        hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
        offset = (hours * 60 + minutes) * 60_000
        value += -offset if zone[0] == "+" else offset
    return value


def _time_or_midnight(text: str) -> int:
    """As ``parse_time``, where the hour 24 is the midnight at the day's end."""
    return DAY if re.fullmatch(r"24(:00(:00(\.0+)?)?)?", text) else parse_time(text)


def format_timestamp(value: int) -> str:
    """``yyyy-MM-ddTHH:mm:ss.SSS`` in UTC."""
    return moment(value).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value % 1000:03}"


def date_to_timestamp(value: int) -> int:
    return value * DAY


def timestamp_to_date(value: int) -> int:
    return value // DAY


def timestamp_to_time(value: int) -> int:
    return value % DAY


def zone(name: str) -> ZoneInfo:
    """A time zone by its name; ``KeyError`` if unknown."""
    return ZoneInfo(name)

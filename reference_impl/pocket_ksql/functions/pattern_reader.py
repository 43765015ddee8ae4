"""Texts read in Java's DateTimeFormatter patterns: each compiled once into a parser.

Fields that a text gives twice in different words (a date and the day of the week) must agree, as in Java.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from pocket_ksql import temporal
from pocket_ksql.functions.patterns import (
    DATE_LETTERS,
    DAYS,
    MONTHS,
    TIME_LETTERS,
    Part,
    find_zone,
    split_pattern,
)

_SHORT_MONTHS = [name[:3] for name in MONTHS]
_SHORT_DAYS = [name[:3] for name in DAYS]
_NUMERIC = "yuMLDdHhKkmsSAnN"
_DAY = 86_400_000


def _digits(part: Part, most: int, adjacent: bool) -> str:
    """A number: of as many digits as the letter stands there, or of any count where it stands alone.

    Where another number follows at once, one of a letter that stands alone has ``most`` digits at most.
    """
    if part.count == 1:
        return rf"(?P<{part.letter}>\d{{1,{most if adjacent else 19}}})"
    return rf"(?P<{part.letter}>\d{{{part.count}}})"


def _year(part: Part, adjacent: bool) -> str:
    letter, count = part.letter, part.count
    if count == 2 or adjacent:
        return rf"(?P<{letter}>\d{{{max(count, 2)}}})"
    if count < 4:
        return rf"(?P<{letter}>\d{{{count},9}})"
    return rf"(?P<{letter}>\d{{{count}}}|\+\d{{{count + 1},10}})"  # more digits need a sign


def _number(part: Part, adjacent: bool) -> str:
    letter, count = part.letter, part.count
    if letter in "yu":
        return _year(part, adjacent)
    if letter == "S":
        return rf"(?P<S>\d{{{count}}})"
    return _digits(part, {"D": 3, "N": 19, "n": 19, "A": 8}.get(letter, 2), adjacent)


def _regex(part: Part, adjacent: bool) -> str:
    letter, count = part.letter, part.count
    if not letter:
        return re.escape(part.text)
    if letter in "ML":
        if count < 3:
            return _digits(Part("M", count), 2, adjacent)
        return rf"(?P<M>{'|'.join(MONTHS if count >= 4 else _SHORT_MONTHS)})"
    if letter in "Eec":
        if letter != "E" and count < 3:
            return r"(?P<e>[1-7])" if count == 1 else r"(?P<e>0[1-7])"
        return r"[FMSTW]" if count == 5 else rf"(?P<E>{'|'.join(DAYS if count == 4 else _SHORT_DAYS)})"
    if letter in "Qq":
        return {3: r"Q[1-4]", 4: r"(?:1st|2nd|3rd|4th) quarter"}.get(count, rf"0{{{int(count == 2)}}}[1-4]")
    if letter == "a":
        return r"(?P<a>AM|PM)"
    if letter == "G":
        return {4: "Anno Domini", 5: "A"}.get(count, "AD")
    if letter in "XxZ":
        return r"(?P<zone>Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)"
    if letter == "O":
        return r"(?P<zone>(?:GMT|UTC)(?:[+-]\d{1,2}(?::\d{2})?)?)"
    if letter in "Vzv":
        return r"(?P<zone>[A-Za-z][A-Za-z0-9_/+:-]*|[+-]\d{2}:\d{2}|Z)"
    if letter in _NUMERIC:
        return _number(part, adjacent)
    raise ValueError(f"Unknown pattern letter: {letter}")


def _is_number(part: Part | str | None) -> bool:
    if not isinstance(part, Part) or not part.letter:
        return False
    return part.letter in _NUMERIC and not (part.letter in "ML" and part.count >= 3)


@lru_cache(maxsize=1024)
def _matcher(pattern: str) -> re.Pattern[str]:
    parts = split_pattern(pattern)
    text = ""
    seen: set[str] = set()
    depth = 0  # of optional sections; one that is not closed ends with the pattern
    for index, part in enumerate(parts):
        if isinstance(part, str):
            depth += 1 if part == "[" else -1
            if depth < 0:
                raise ValueError("Pattern invalid as it contains ] without previous [")
            text += "(?:" if part == "[" else ")?"
            continue
        following = parts[index + 1] if index + 1 < len(parts) else None
        piece = _regex(part, adjacent=_is_number(part) and _is_number(following))
        name = re.search(r"\(\?P<(\w+)>", piece)
        if name and name[1] in seen:
            piece = piece.replace(f"?P<{name[1]}>", "?:")
        elif name:
            seen.add(name[1])
        text += piece
    return re.compile(text + ")?" * depth, re.IGNORECASE)


@dataclass(frozen=True)
class Fields:
    """What a text said: a date, a time of day in milliseconds, a zone; each ``None`` if not said."""

    day: date | None
    time: int | None
    zone: tzinfo | None


@lru_cache(maxsize=1024)
def compile_fields(pattern: str) -> Callable[[str], Fields]:
    """A parser of texts in ``pattern``; it raises ``ValueError``."""
    matcher = _matcher(pattern)

    def parse(text: str) -> Fields:
        match = matcher.fullmatch(text)
        if match is None:
            raise ValueError(f"Text '{text}' could not be parsed at index 0")
        said = {name: value for name, value in match.groupdict().items() if value is not None}
        day = _day(said) if said.keys() & DATE_LETTERS else None
        time = _time(said) if said.keys() & TIME_LETTERS else None
        return Fields(day, time, find_zone(said["zone"]) if "zone" in said else None)

    return parse


def _day(said: dict[str, str]) -> date:
    year_text = said.get("y") or said.get("u") or "1970"
    year = int(year_text) + (2000 if len(year_text) == 2 else 0)
    if "D" in said:
        first = date(year, 1, 1)
        day = first + timedelta(days=_within("DayOfYear", said["D"], 1, 366) - 1)
        if day.year != year:
            raise ValueError(f"Invalid date 'DayOfYear {said['D']}' as '{year}' is not a leap year")
    else:
        month_text = said.get("M", "1")
        number = month_text if month_text.isdigit() else _SHORT_MONTHS.index(month_text[:3].title()) + 1
        month = _within("MonthOfYear", number, 1, 12)
        day_of_month = _within("DayOfMonth", said.get("d", 1), 1, 31)
        day = date(year, month, min(day_of_month, calendar.monthrange(year, month)[1]))
    if "E" in said and _SHORT_DAYS[day.weekday()] != said["E"][:3].title():
        raise ValueError(f"Conflict found: {day} is not a {said['E']}")
    if "e" in said and (day.weekday() + 1) % 7 + 1 != int(said["e"]):
        raise ValueError(f"Conflict found: {day} is not day {said['e']} of a week")
    return day


def _time(said: dict[str, str]) -> int:
    if "A" in said:
        return _within("MilliOfDay", said["A"], 0, _DAY - 1)
    if "N" in said:
        return _within("NanoOfDay", said["N"], 0, _DAY * 1_000_000 - 1) // 1_000_000
    hour = _hour(said)
    minute = _within("MinuteOfHour", said.get("m", 0), 0, 59)
    second = _within("SecondOfMinute", said.get("s", 0), 0, 59)
    fraction = int(said.get("S", "0").ljust(3, "0")[:3])
    if hour == 24 and (minute or second or fraction):
        raise ValueError("Invalid value for HourOfDay (valid values 0 - 23): 24")
    return ((hour % 24 * 60 + minute) * 60 + second) * 1000 + fraction


def _hour(said: dict[str, str]) -> int:
    """Of a day; 24 is the midnight at its end."""
    afternoon = 12 if said.get("a", "").lower() == "pm" else 0
    if "h" in said:
        return _within("ClockHourOfAmPm", said["h"], 0, 12) % 12 + afternoon
    if "K" in said:
        return _within("HourOfAmPm", said["K"], 0, 11) + afternoon
    if "k" in said:
        return _within("ClockHourOfDay", said["k"], 0, 24) % 24
    return _within("HourOfDay", said.get("H", 0), 0, 24)


def _within(field: str, value: str | int, low: int, high: int) -> int:
    if not low <= int(value) <= high:
        raise ValueError(f"Invalid value for {field} (valid values {low} - {high}): {value}")
    return int(value)


def compile_parser(pattern: str, zone: tzinfo = UTC) -> Callable[[str], int]:
    """A parser to milliseconds since 1970; what the text does not say is 1970-01-01, midnight, ``zone``."""
    fields = compile_fields(pattern)

    def parse(text: str) -> int:
        said = fields(text)
        day = said.day or date(1970, 1, 1)
        where = said.zone or zone
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        value = temporal.milliseconds(midnight) + (said.time or 0)
        if where is UTC:
            return value
        naive = temporal.moment(value).replace(tzinfo=where)
        return temporal.milliseconds(naive)

    return parse

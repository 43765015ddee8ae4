"""Java's DateTimeFormatter patterns in Python: compiled once into a parser; `pattern_writer` writes by them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pocket_ksql import temporal

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_SHORT_MONTHS = [name[:3] for name in MONTHS]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Part:
    """A letter repeated ``count`` times, or literal text."""

    letter: str
    count: int
    text: str = ""


def split_pattern(pattern: str) -> list[Part | str]:
    """Letters and literals of a pattern; ``'`` quotes text, ``''`` is a quote, ``[…]`` is what may miss."""
    parts: list[Part | str] = []
    index = 0
    while index < len(pattern):
        character = pattern[index]
        if character == "'":
            end = index + 1
            text = ""
            while True:
                if end >= len(pattern):
                    raise ValueError(f"Pattern ends with an incomplete string literal: {pattern}")
                if pattern[end] == "'":
                    if pattern[end + 1 : end + 2] != "'":
                        break
                    end += 1
                text += pattern[end]
                end += 1
            parts.append(Part("", 0, text or "'"))
            index = end + 1
        elif character.isalpha():
            count = len(pattern[index:]) - len(pattern[index:].lstrip(character))
            parts.append(Part(character, count))
            index += count
        elif character in "[]":
            parts.append(character)
            index += 1
        elif character in "{}#":
            raise ValueError(f"Pattern includes reserved character: '{character}'")
        else:
            parts.append(Part("", 0, character))
            index += 1
    return parts


DATE_LETTERS = frozenset("GyuMLdDEecQqYwWF")
TIME_LETTERS = frozenset("HhKkmsSAnNaB")
ZONE_LETTERS = frozenset("VzvOXxZ")


@lru_cache(maxsize=1024)
def letters(pattern: str) -> frozenset[str]:
    """The letters of the fields that a pattern names."""
    return frozenset(part.letter for part in split_pattern(pattern) if isinstance(part, Part) and part.letter)


def find_zone(name: str) -> tzinfo:
    """A zone by name (``Europe/Berlin``, ``UTC``, ``+02:00``); ``ValueError`` if unknown."""
    offset = re.fullmatch(r"(?:GMT|UTC|UT)?([+-])(\d{1,2}):?(\d{2})?(?::?(\d{2}))?", name)
    if offset:
        seconds = int(offset[2]) * 3600 + int(offset[3] or 0) * 60 + int(offset[4] or 0)
        return timezone(timedelta(seconds=-seconds if offset[1] == "-" else seconds))
    if name in ("Z", "z", "UTC", "GMT", "UT"):
        return UTC
    try:
        return ZoneInfo(_SHORT_ZONES.get(name, name))
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"Unknown time-zone ID: {name}") from None


_SHORT_ZONES = {"PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "EST": "America/New_York",
                "EDT": "America/New_York", "CST": "America/Chicago", "CDT": "America/Chicago", "MST": "America/Denver",
                "MDT": "America/Denver", "CET": "Europe/Paris", "CEST": "Europe/Paris",
                "JST": "Asia/Tokyo"}  # fmt: skip


def _digits(part: Part, most: int, adjacent: bool) -> str:
    if part.count == 1 and not adjacent:
        return rf"(?P<{part.letter}>\d{{1,{most}}})"
    return rf"(?P<{part.letter}>\d{{{part.count}}})"


def _number_regex(part: Part, adjacent: bool) -> str:
    letter, count = part.letter, part.count
    if letter in "yu":
        return (
            rf"(?P<{letter}>[+-]?\d{{{count if count == 2 else f'{count},9'}}})"
            if not adjacent
            else rf"(?P<{letter}>\d{{{max(count, 2)}}})"
        )
    if letter == "S":
        return rf"(?P<S>\d{{{count}}})"
    if letter == "D":
        return _digits(part, 3, adjacent)
    return _digits(part, 19 if letter in "Nn" else 2 if letter != "A" else 8, adjacent)


def _regex(part: Part, adjacent: bool) -> str:
    letter, count = part.letter, part.count
    if not letter:
        return re.escape(part.text)
    if letter in "ML" and count >= 3:
        months = [month if count >= 4 else month[:3] for month in MONTHS]
        return rf"(?P<M>{'|'.join(months)})"
    if letter in "ML":
        return _digits(Part("M", count), 2, adjacent)
    if letter in "Ee" or letter == "c":
        days = [day if count >= 4 else day[:3] for day in DAYS]
        return rf"(?:{'|'.join(days)})"
    if letter == "a":
        return r"(?P<a>AM|PM|am|pm)"
    if letter == "G":
        return r"(?:AD|BC)"
    if letter in "XxZ":
        return r"(?P<zone>Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)"
    if letter == "O":
        return r"(?P<zone>(?:GMT|UTC)(?:[+-]\d{1,2}(?::\d{2})?)?)"
    if letter in "Vzv":
        return r"(?P<zone>[A-Za-z][A-Za-z0-9_/+:-]*|[+-]\d{2}:\d{2}|Z)"
    if letter in "yuDdHhKkmsSAnN":
        return _number_regex(part, adjacent)
    raise ValueError(f"Unknown pattern letter: {letter}")


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
        numeric = isinstance(following, Part) and following.letter != "" and following.letter in "yuMLDdHhKkmsSAnN"
        piece = _regex(part, adjacent=numeric and not (part.letter in "ML" and part.count >= 3))
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
        return date(year, 1, 1) + timedelta(days=int(said["D"]) - 1)
    month_text = said.get("M", "1")
    month = int(month_text) if month_text.isdigit() else _SHORT_MONTHS.index(month_text[:3].title()) + 1
    day_of_month = int(said.get("d", "1"))
    first_next = date(year + month // 12, month % 12 + 1, 1) if year < 9999 or month < 12 else date(9999, 12, 31)
    last = (first_next - timedelta(days=1)).day if year < 9999 or month < 12 else 31
    if day_of_month > 31:
        raise ValueError(f"Invalid value for DayOfMonth (valid values 1 - 28/31): {day_of_month}")
    return date(year, month, min(day_of_month, last))


def _time(said: dict[str, str]) -> int:
    if "A" in said:
        return int(said["A"])
    if "N" in said:
        return int(said["N"]) // 1_000_000
    hour = int(said.get("H") or said.get("k") or 0)
    half = said.get("h") or said.get("K")
    if half is not None:
        hour = int(half) % 12 + (12 if said.get("a", "").lower() == "pm" else 0)
    minute, second = int(said.get("m", 0)), int(said.get("s", 0))
    if hour > 24 or minute > 59 or second > 59:
        raise ValueError(f"Invalid time of day: {hour}:{minute}:{second}")
    fraction = int(said.get("S", "0").ljust(3, "0")[:3])
    return ((hour % 24 * 60 + minute) * 60 + second) * 1000 + fraction


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

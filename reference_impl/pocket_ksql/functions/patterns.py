"""Java's DateTimeFormatter patterns: their letters, and zones by name.

`pattern_reader` reads by them, `pattern_writer` writes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pocket_ksql.functions.zone_names import place_of

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT_MONTHS = tuple(name[:3] for name in MONTHS)
SHORT_DAYS = tuple(name[:3] for name in DAYS)


@dataclass(frozen=True)
class Part:
    """A letter repeated ``count`` times, or literal text; ``pad`` is the width that blanks before it make up for."""

    letter: str
    count: int
    text: str = ""
    pad: int = 0


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
            pad = 0
            if character == "p":
                pad, index = count, index + count
                character = pattern[index : index + 1]
                if not character.isalpha():
                    raise ValueError(f"Pad letter 'p' must be followed by valid pad pattern: {pattern}")
                count = len(pattern[index:]) - len(pattern[index:].lstrip(character))
            _check_count(character, count)
            parts.append(Part(character, count, pad=pad))
            index += count
        elif character in "[]":
            if character == "]" and parts.count("[") == parts.count("]"):
                raise ValueError("Pattern invalid as it contains ] without previous [")
            parts.append(character)
            index += 1
        elif character in "{}#":
            raise ValueError(f"Pattern includes reserved character: '{character}'")
        else:
            parts.append(Part("", 0, character))
            index += 1
    return parts


_COUNTS = {
    **dict.fromkeys("dwhHkKms", range(1, 3)),
    **dict.fromkeys("MLQqEeGXxZ", range(1, 6)),
    **dict.fromkeys("WFa", (1,)),
    "D": range(1, 4),
    "S": range(1, 10),
    "c": (1, 3, 4, 5),
    "O": (1, 4),
    "B": (1, 4, 5),
    "V": (2,),
    "v": (1, 4),
    "z": range(1, 5),
}
"""How many of a letter may stand together, where not any number may."""


def _check_count(letter: str, count: int) -> None:
    allowed = _COUNTS.get(letter)
    if allowed is not None and count not in allowed:
        raise ValueError(f"Pattern letter count must be {' or '.join(map(str, allowed))}: {letter}")


PERIODS = ("midnight", "noon", "at night", "in the morning", "in the afternoon", "in the evening")


def period_of(hour: int, minute: int, *, is_narrow: bool = False) -> str:
    """The part of the day that English speaks of: ``in the morning``; in a narrow form, ``n`` for noon."""
    if minute == 0 and hour in (0, 12):
        return (("mi", "n") if is_narrow else PERIODS)[hour // 12]
    return PERIODS[2] if hour < 6 or hour >= 21 else PERIODS[3 if hour < 12 else 4 if hour < 18 else 5]


def day_of_week(day: date) -> int:
    """From Sunday, 1, to Saturday, 7: as in the United States, like the weeks below."""
    return (day.weekday() + 1) % 7 + 1


def week_of(day: date) -> tuple[int, int]:
    """Year and number of the week; the first is that of January 1st."""
    saturday = day + timedelta(days=7 - day_of_week(day))
    return saturday.year, (saturday.timetuple().tm_yday + 6) // 7


def week_of_month(day: date) -> int:
    """The number of the week in its month; the first is that of the month's first day."""
    return (day.day + day_of_week(day.replace(day=1)) + 5) // 7


DATE_LETTERS = frozenset("GyuMLdDEecQqYwWF")
TIME_LETTERS = frozenset("HhKkmsSAnNaB")
ZONE_LETTERS = frozenset("VzvOXxZ")


@lru_cache(maxsize=1024)
def letters(pattern: str) -> frozenset[str]:
    """The letters of the fields that a pattern names."""
    return frozenset(part.letter for part in split_pattern(pattern) if isinstance(part, Part) and part.letter)


def find_zone(name: str) -> tzinfo:
    """A zone by name (``Europe/Berlin``, ``UTC``, ``+02:00``); ``ValueError`` if unknown."""
    offset = re.fullmatch(r"(GMT|UTC|UT)?([+-])(\d{1,2}):?(\d{2})?(?::?(\d{2}))?", name, re.IGNORECASE)
    if offset:
        prefix, sign, hour, minute, second = offset.groups()
        return _offset(name, (prefix or "").upper(), sign, hour, minute or "0", second or "0")
    key = _SHORT_ZONES.get(name) or place_of(name) or name
    if key.upper() == "UTC":
        return UTC
    if key.upper() in ("Z", "GMT", "UT"):
        return timezone(timedelta(), key.upper())
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"Unknown time-zone ID: {name}") from None


def _offset(name: str, prefix: str, sign: str, hour: str, minute: str, second: str) -> tzinfo:
    """A zone of one offset, named as Java's: ``+02:00``, ``UTC+02:00``, and without an offset ``Z`` or ``UTC``."""
    if int(minute) > 59 or int(second) > 59:
        raise ValueError(f"Value out of range in the offset {name}: Minute[0-59], Second[0-59]")
    offset = timedelta(hours=int(hour), minutes=int(minute), seconds=int(second))
    if offset > timedelta(hours=18):
        raise ValueError(f"Zone offset not in valid range: -18:00 to +18:00: {name}")
    if not offset:
        return timezone(offset, prefix or "Z")
    seconds = f":{second:0>2}" if int(second) else ""
    shown = f"{prefix}{sign}{hour:0>2}:{minute:0>2}{seconds}"
    return timezone(-offset if sign == "-" else offset, shown)


_SHORT_ZONES = {"PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "EST": "America/New_York",
                "EDT": "America/New_York", "CST": "America/Chicago", "CDT": "America/Chicago", "MST": "America/Denver",
                "MDT": "America/Denver", "CET": "Europe/Paris", "CEST": "Europe/Paris",
                "JST": "Asia/Tokyo", "MSK": "Europe/Moscow", "EET": "Europe/Bucharest", "EEST": "Europe/Bucharest",
                "AEST": "Australia/Sydney", "AEDT": "Australia/Sydney", "HST": "Pacific/Honolulu",
                "NST": "America/St_Johns", "NDT": "America/St_Johns", "NZST": "Pacific/Auckland",
                "NZDT": "Pacific/Auckland", "KST": "Asia/Seoul", "HKT": "Asia/Hong_Kong"}  # fmt: skip

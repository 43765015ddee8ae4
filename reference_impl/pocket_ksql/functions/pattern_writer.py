"""Times written in Java's DateTimeFormatter patterns: each compiled once into a formatter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

from pocket_ksql.functions.patterns import (
    DAYS,
    MONTHS,
    Part,
    day_of_week,
    period_of,
    split_pattern,
    week_of,
    week_of_month,
)
from pocket_ksql.functions.zone_names import all_year, long_name, short_name

_LENGTHS = {1: 3, 2: 3, 3: 3, 4: None, 5: 1}
"""Letters of the name of a month or a day that are written, by the count of its pattern letter."""


_Piece = Callable[[datetime, int], str]


class _Formatter(Protocol):
    def __call__(self, moment: datetime, later: int = 0) -> str: ...


@lru_cache(maxsize=1024)
def compile_formatter(pattern: str) -> _Formatter:
    """A formatter of times with a zone; ``ValueError`` for a bad pattern.

    To a time of years that Python does not have, one of near years is given and how many years later it is.
    """
    pieces = [_formatter(part) for part in split_pattern(pattern) if isinstance(part, Part)]

    def write(moment: datetime, later: int = 0) -> str:
        return "".join([piece(moment, later) for piece in pieces])

    return write


def _formatter(part: Part) -> _Piece:
    return _padded(_letters(part), part.pad) if part.pad else _letters(part)


def _padded(piece: _Piece, width: int) -> _Piece:
    def write(moment: datetime, later: int) -> str:
        text = piece(moment, later)
        if len(text) > width:
            raise ValueError(f"Cannot print as output of {len(text)} characters exceeds pad width of {width}")
        return text.rjust(width)

    return write


def _letters(part: Part) -> _Piece:
    letter, count, text = part.letter, part.count, part.text
    match letter:
        case "":
            return lambda moment, later: text
        case "u":
            return lambda moment, later: _year_text(moment.year + later, count)
        case "y":
            return lambda moment, later: _year_text(_of_era(moment.year + later), count)
        case "M" | "L":
            if count >= 3:
                return lambda moment, later: MONTHS[moment.month - 1][: _LENGTHS[count]]
            return lambda moment, later: f"{moment.month:0{count}}"
        case "Y":
            return lambda moment, later: _year_text(week_of(moment.date())[0] + later, count)
        case "w":
            return lambda moment, later: f"{week_of(moment.date())[1]:0{count}}"
        case "Q" | "q":
            return lambda moment, later: _quarter((moment.month + 2) // 3, count)
        case "d":
            return lambda moment, later: f"{moment.day:0{count}}"
        case "D":
            return lambda moment, later: f"{moment.timetuple().tm_yday:0{count}}"
        case "E":
            return lambda moment, later: DAYS[moment.weekday()][: _LENGTHS[count]]
        case "e" | "c" if count >= 3:
            return lambda moment, later: DAYS[moment.weekday()][: _LENGTHS[count]]
        case "W":
            return lambda moment, later: str(week_of_month(moment.date()))
        case "e" | "c":
            return lambda moment, later: f"{day_of_week(moment.date()):0{count}}"
        case "H":
            return lambda moment, later: f"{moment.hour:0{count}}"
        case "k":
            return lambda moment, later: f"{moment.hour or 24:0{count}}"
        case "h":
            return lambda moment, later: f"{moment.hour % 12 or 12:0{count}}"
        case "K":
            return lambda moment, later: f"{moment.hour % 12:0{count}}"
        case "m":
            return lambda moment, later: f"{moment.minute:0{count}}"
        case "s":
            return lambda moment, later: f"{moment.second:0{count}}"
        case "S":
            return lambda moment, later: f"{moment.microsecond:06}".ljust(count, "0")[:count]
        case "A":
            return lambda moment, later: f"{_of_day(moment):0{count}}"
        case "n":
            return lambda moment, later: f"{moment.microsecond * 1000:0{count}}"
        case "N":
            return lambda moment, later: f"{_of_day(moment) * 1_000_000:0{count}}"
        case "a":
            return lambda moment, later: "AM" if moment.hour < 12 else "PM"
        case "G":
            return lambda moment, later: _era(moment.year + later, count)
        case "X" | "x" | "Z" | "O":
            return lambda moment, later: _offset(moment, letter, count)
        case "F":
            return lambda moment, later: str((moment.day - 1) % 7 + 1)
        case "B":
            return lambda moment, later: period_of(moment.hour, moment.minute, is_narrow=count == 5)
        case "z" if count == 4:
            return lambda moment, later: long_name(moment)
        case "z":
            return lambda moment, later: short_name(moment)
        case "v":
            name = long_name if count == 4 else short_name
            return lambda moment, later: all_year(name(moment))
        case "V":
            return lambda moment, later: _zone_name(moment)
    raise ValueError(f"Unknown pattern letter: {letter}")


def _of_era(year: int) -> int:
    return year if year > 0 else 1 - year


def _era(year: int, count: int) -> str:
    is_after = year > 0
    return {4: ("Before Christ", "Anno Domini"), 5: ("B", "A")}.get(count, ("BC", "AD"))[is_after]


def _year_text(year: int, count: int) -> str:
    if count == 2:
        return f"{abs(year) % 100:02}"
    sign = "-" if year < 0 else "+" if count >= 4 and year >= 10**count else ""
    return f"{sign}{abs(year):0{count}}"


def _quarter(number: int, count: int) -> str:
    ordinal = ("1st", "2nd", "3rd", "4th")[number - 1]
    return {3: f"Q{number}", 4: f"{ordinal} quarter", 5: str(number)}.get(count, f"{number:0{count}}")


def _of_day(moment: datetime) -> int:
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1000 + moment.microsecond // 1000


def _zone_name(moment: datetime) -> str:
    key = getattr(moment.tzinfo, "key", None)
    return str(key or moment.tzname() or "")


def _offset(moment: datetime, letter: str, count: int) -> str:
    """The offset from UTC; seconds, which there were before the zones of today, only where they fit in."""
    total = int((moment.utcoffset() or timedelta()).total_seconds())
    is_named = letter == "O" or (letter == "Z" and count == 4)
    if total == 0 and (is_named or letter == "X" or (letter == "Z" and count == 5)):
        return "GMT" if is_named else "Z"
    sign = "-" if total < 0 else "+"
    hour, rest = divmod(abs(total), 3600)
    minute, second = divmod(rest, 60)
    if is_named:
        if count == 4:
            return f"GMT{sign}{hour:02}:{minute:02}" + (f":{second:02}" if second else "")
        return f"GMT{sign}{hour}" + (f":{minute:02}" if rest else "") + (f":{second:02}" if second else "")
    if letter != "Z" and count == 1:
        return f"{sign}{hour:02}" + (f"{minute:02}" if minute else "")
    colon = ":" if count == 5 or (letter != "Z" and count == 3) else ""
    text = f"{sign}{hour:02}{colon}{minute:02}"
    return text + (f"{colon}{second:02}" if second and count >= 4 else "")

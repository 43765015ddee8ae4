"""Texts read in Java's DateTimeFormatter patterns: each compiled once into a parser.

`pattern_fields` says what the parts of such a text mean together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import lru_cache

from pocket_ksql import temporal
from pocket_ksql.functions.pattern_fields import day_of, time_of
from pocket_ksql.functions.patterns import (
    DATE_LETTERS,
    DAYS,
    MONTHS,
    PERIODS,
    SHORT_DAYS,
    SHORT_MONTHS,
    TIME_LETTERS,
    Part,
    find_zone,
    split_pattern,
)

_NUMERIC = "yuYMLDdwWHhKkmsSAnN"


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
    minus = "-?" if letter == "u" else ""  # years of an era are counted from one
    if count < 4:
        return rf"(?P<{letter}>{minus}\d{{{count},9}})"
    return rf"(?P<{letter}>{minus}\d{{{count}}}|[+{minus[:1]}]\d{{{count + 1},9}})"  # more digits need a sign


def _number(part: Part, adjacent: bool) -> str:
    letter, count = part.letter, part.count
    if letter in "yuY":
        return _year(part, adjacent)
    if letter == "S":
        return rf"(?P<S>\d{{{count}}})"
    if letter in "AnN" and count > 1 and not adjacent:
        return rf"(?P<{letter}>\d{{{count},19}})"
    return _digits(part, {"D": 3, "N": 19, "n": 19, "A": 8, "W": 1}.get(letter, 2), adjacent)


def _regex(part: Part, adjacent: bool) -> str:
    letter, count = part.letter, part.count
    if not letter:
        return re.escape(part.text)
    if letter in "ML":
        if count < 3:
            return _digits(Part("M", count), 2, adjacent)
        return rf"(?P<M>{'|'.join(MONTHS if count >= 4 else SHORT_MONTHS)})"
    if letter in "Eec":
        if letter != "E" and count < 3:
            return r"(?P<e>[1-7])" if count == 1 else r"(?P<e>0[1-7])"
        return r"[FMSTW]" if count == 5 else rf"(?P<E>{'|'.join(DAYS if count == 4 else SHORT_DAYS)})"
    if letter in "Qq":
        words = {3: r"Q[1-4]", 4: r"(?:1st|2nd|3rd|4th) quarter"}
        return rf"(?P<Q>{words.get(count, rf'0{{{int(count == 2)}}}[1-4]')})"
    if letter == "a":
        return r"(?P<a>AM|PM)"
    if letter == "B":
        periods = ("mi", "n", *PERIODS[2:]) if count == 5 else PERIODS
        return rf"(?P<B>{'|'.join(periods)})"
    if letter == "F":
        return r"(?P<F>[1-7])"
    if letter == "G":
        return rf"(?P<G>{ {4: 'Anno Domini|Before Christ', 5: 'A|B'}.get(count, 'AD|BC') })"
    if letter == "O" or (letter == "Z" and count == 4):
        return r"(?P<zone>(?:GMT|UTC)(?:[+-]\d{1,2}(?::\d{2})?)?)"
    if letter in "XxZ":
        return r"(?P<zone>Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)"
    if letter in "zv" and count == 4:
        return r"(?P<zone>[A-Za-z]+(?:[ -][A-Za-z]+)* Time|[A-Za-z]+(?:/[A-Za-z_/]+)?|[+-]\d{2}:\d{2})"
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
            text += "(?:" if part == "[" else ")?"
            continue
        following = parts[index + 1] if index + 1 < len(parts) else None
        piece = rf" {{0,{part.pad}}}" * bool(part.pad)  # what fills it up
        piece += _regex(part, adjacent=_is_number(part) and _is_number(following))
        name = re.search(r"\(\?P<(\w+)>", piece)
        if name and name[1] in seen:
            piece = piece.replace(f"?P<{name[1]}>", "?:")
        elif name:
            seen.add(name[1])
        text += piece
    return re.compile(text + ")?" * depth, re.IGNORECASE)


@dataclass(frozen=True)
class Fields:
    """What a text said: a day since 1970, a time of day in milliseconds, a zone; each ``None`` if not said."""

    day: int | None
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
        day = day_of(said) if said.keys() & DATE_LETTERS else None
        time = time_of(said) if said.keys() & TIME_LETTERS else None
        if time == temporal.DAY:  # the end of a day is the beginning of the next
            day, time = day if day is None else day + 1, 0
        return Fields(day, time, find_zone(said["zone"]) if "zone" in said else None)

    return parse


def compile_parser(pattern: str, zone: tzinfo = UTC) -> Callable[[str], int]:
    """A parser to milliseconds since 1970; what the text does not say is 1970-01-01, midnight, ``zone``."""
    fields = compile_fields(pattern)

    def parse(text: str) -> int:
        said = fields(text)
        where = said.zone or zone
        value = (said.day or 0) * temporal.DAY + (said.time or 0)
        if where is not UTC:
            close, _ = temporal.near(value)
            value += temporal.milliseconds(temporal.moment(close).replace(tzinfo=where)) - close
        return temporal.within64(value)

    return parse

"""Java's regular expressions in Python's notation; by themselves both mean the same by nearly everything.

Classes are of ASCII letters and digits, as in Java unless a pattern asks for more. What Python cannot say (a script or
a block of Unicode, flags that begin in the middle) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pocket_ksql.functions.java_classes import BREAK, blanks_or_breaks, bracketed, category

_OUTSIDE = {"z": r"\Z", "Z": r"(?=\n?\Z)", "R": rf"(?:\r\n|[{BREAK}])", "e": r"\x1b"}

_PART = re.compile(
    r"\\Q(?P<quoted>.*?)(?:\\E|\Z)"
    r"|\\(?P<kind>[pP])(?:\{(?P<name>[\w=]+)\}|(?P<letter>\w))"
    r"|\\x\{(?P<code>[0-9A-Fa-f]+)\}"
    r"|\\k<(?P<group>\w+)>"
    r"|\\0(?P<octal>[0-3]?[0-7]{1,2})"
    r"|\\(?P<escaped>.)"
    r"|\(\?<(?![=!])|.",
    re.DOTALL,
)
"""What is written in another way."""
_COUNT = re.compile(r"\{\d+(?:,\d*)?\}")


@lru_cache(maxsize=1024)
def java_regex(pattern: str) -> re.Pattern[str]:
    """A compiled pattern. Raises ``ValueError`` for what is no regular expression, or one that Python cannot say."""
    try:
        return re.compile(_translated(pattern), re.ASCII)
    except re.error as error:
        raise ValueError(f"Invalid regular expression pattern: {pattern}: {error}") from None


def _translated(pattern: str) -> str:
    text, at = "", 0
    while part := _PART.match(pattern, at):
        if part[0] == "[":
            found, at = bracketed(pattern, at)
        else:
            found, at = _outside(part), part.end()
        text += found
    return text


def _outside(part: re.Match[str]) -> str:
    """One part of a pattern that stands in no class."""
    if part["quoted"] is not None:
        return re.escape(part["quoted"])
    if part["kind"]:
        return category(part["kind"] == "P", part["name"] or part["letter"])
    if part["code"]:
        return re.escape(chr(int(part["code"], 16)))
    if part["octal"]:
        return re.escape(chr(int(part["octal"], 8)))
    if part["group"]:
        return f"(?P={part['group']})"
    if part["escaped"]:
        letter = part["escaped"]
        return blanks_or_breaks(letter) or _OUTSIDE.get(letter, f"\\{letter}")
    if part[0] == "{" and not _COUNT.match(part.string, part.start()):
        raise ValueError(f"Illegal repetition in the pattern {part.string}")
    return "(?P<" if part[0] == "(?<" else part[0]


def matches(expression: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """All matches as Java finds them: after one of no text the next begins a character further on."""
    at = 0
    while at <= len(text) and (match := expression.search(text, at)):
        yield match
        at = match.end() + (match.end() == match.start())

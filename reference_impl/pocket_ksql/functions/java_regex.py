"""Java's regular expressions in Python's notation; by themselves both mean the same by nearly everything.

Classes are of ASCII letters and digits, as in Java unless a pattern asks for more. What Python cannot say (a script or
a block of Unicode) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from pocket_ksql.functions.java_classes import BREAK, blanks_or_breaks, bracketed, category

_OUTSIDE = {"z": r"\Z", "R": rf"(?:\r\n|[{BREAK}])", "e": r"\x1b"}

_PART = re.compile(
    r"\\Q(?P<quoted>.*?)(?:\\E|\Z)"
    r"|\\(?P<kind>[pP])(?:\{(?P<name>[\w=]+)\}|(?P<letter>\w))"
    r"|\\x\{(?P<code>[0-9A-Fa-f]+)\}"
    r"|\\k<(?P<group>\w+)>"
    r"|\\0(?P<octal>[0-3]?[0-7]{1,2})"
    r"|\\(?P<escaped>.)"
    r"|\(\?(?P<on>[idmsuxU]*)(?:-(?P<off>[idmsuxU]*))?(?P<end>[:)])"
    r"|\(\?<(?![=!])|.",
    re.DOTALL,
)
"""What is written in another way."""
_COUNT = re.compile(r"\{\d+(?:,\d*)?\}")

_ENDS = r"\r\x85\u2028\u2029"
"""What ends a line in Java, besides ``\\n``, to which it may lead."""
_LAST_END = rf"(?:(?=(?:\r\n|[{_ENDS}])?\Z)|(?<!\r)(?=\n\Z))"


@lru_cache(maxsize=1024)
def java_regex(pattern: str) -> re.Pattern[str]:
    """A compiled pattern. Raises ``ValueError`` for what is no regular expression, or one that Python cannot say."""
    try:
        return re.compile(_translated(pattern), re.ASCII)
    except re.error as error:
        raise ValueError(f"Invalid regular expression pattern: {pattern}: {error}") from None


@dataclass
class _Group:
    """An open parenthesis: the flags in force in it, and what those that began in its middle have opened."""

    flags: frozenset[str] = frozenset()
    scopes: list[str] = field(default_factory=list)

    @property
    def closing(self) -> str:
        """What ends its scopes, and a comment before."""
        return ("\n" if "x" in self.flags else "") + ")" * len(self.scopes)


def _translated(pattern: str) -> str:
    text, at = "", 0
    groups = [_Group()]
    while part := _PART.match(pattern, at):
        if part[0] == "[":
            found, at = bracketed(pattern, at)
        else:
            nested = _nesting(part, groups)
            found, at = _outside(part, groups[-1].flags) if nested is None else nested, part.end()
        text += found
    return text + groups[0].closing


def _nesting(part: re.Match[str], groups: list[_Group]) -> str | None:
    """What a parenthesis or a bar becomes, ``None`` for other parts; ``groups`` are those that are open.

    Flags that begin in the middle hold to the end of their group, through all its alternatives.
    """
    token, here = part[0], groups[-1]
    if part["end"]:
        flags = here.flags.union(part["on"]).difference(part["off"] or "")
        opening = _scope(here.flags, flags)
        if part["end"] == ":":
            groups.append(_Group(flags))
        else:
            here.scopes.append(opening)
            here.flags = flags
        return opening
    if token in ("(", "(?<"):
        groups.append(_Group(here.flags))
        return "(?P<" if token == "(?<" else token
    if token == ")" and len(groups) > 1:
        return groups.pop().closing + ")"
    if token == "|":
        return here.closing + "|" + "".join(here.scopes)
    return None


def _scope(before: frozenset[str], after: frozenset[str]) -> str:
    """Python's group for a change of flags; those of lines are in what stands for ``.``, ``^`` and ``$``."""
    on, off = ("".join(sorted(change & {"i", "x"})) for change in (after - before, before - after))
    if _is_unicode(before) != _is_unicode(after):
        on += "u" if _is_unicode(after) else "a"
    return f"(?{on}{'-' if off else ''}{off}:"


def _is_unicode(flags: frozenset[str]) -> bool:
    """Whether letters beyond ASCII count; ``u`` says so of their case alone, for which Python has no flag."""
    return "U" in flags or flags >= {"i", "u"}


def _outside(part: re.Match[str], flags: frozenset[str]) -> str:
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
    if part["escaped"] not in (None, "Z"):
        letter = part["escaped"]
        return blanks_or_breaks(letter) or _OUTSIDE.get(letter, f"\\{letter}")
    if part[0] == "{" and not _COUNT.match(part.string, part.start()):
        raise ValueError(f"Illegal repetition in the pattern {part.string}")
    return _of_lines(part[0], flags)


def _of_lines(token: str, flags: frozenset[str]) -> str:
    """What depends on where lines end; the flag ``d`` lets ``\\n`` alone end them."""
    only_n, many = "d" in flags, "m" in flags
    match token:
        case ".":
            return r"[\s\S]" if "s" in flags else "." if only_n else rf"[^\n{_ENDS}]"
        case "^" if many:
            return r"(?:\A|(?<=\n)(?!\Z))" if only_n else rf"(?:\A|(?:(?<=[\n{_ENDS[2:]}])|(?<=\r)(?!\n))(?!\Z))"
        case "$" if many:
            return r"(?=\n|\Z)" if only_n else rf"(?:(?=[{_ENDS}]|\Z)|(?<!\r)(?=\n))"
        case "$" | r"\Z":
            return r"(?=\n?\Z)" if only_n else _LAST_END
    return token


def matches(expression: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """All matches as Java finds them: after one of no text the next begins a character further on."""
    at = 0
    while at <= len(text) and (match := expression.search(text, at)):
        yield match
        at = match.end() + (match.end() == match.start())

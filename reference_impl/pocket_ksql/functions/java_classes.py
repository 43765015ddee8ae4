"""Java's character classes in Python's notation, which has no intersections, no nested classes and no categories.

Each function gives text that matches one character. An intersection becomes a look-ahead before the last of its
parts, a union an alternation, the opposite of either a look-ahead that must fail.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_POSIX = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "A-Za-z",
    "Digit": "0-9",
    "Alnum": "A-Za-z0-9",
    "Punct": r"!-/:-@\[-`{-~",
    "Graph": "!-~",
    "Print": " -~",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9A-Fa-f",
    "Space": r" \t\n\x0b\f\r",
}
"""What ``\\p{Name}`` stands for, as it is written between brackets."""

_CATEGORIES = {
    "IsLetter": "L",
    "IsAlphabetic": "L",
    "javaLetter": "L",
    "IsUppercase": "Lu",
    "IsLowercase": "Ll",
    "IsTitlecase": "Lt",
    "IsDigit": "Nd",
    "IsPunctuation": "P",
    "IsControl": "Cc",
    "javaUpperCase": "Lu",
    "javaLowerCase": "Ll",
    "javaDigit": "Nd",
}
_CATEGORY = re.compile(
    r"(?:Is|gc=|general_category=)?(L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfos]?)"
)
_BLANK = r" \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
BREAK = r"\n\x0b\f\r\x85\u2028\u2029"
_SETS = {"h": _BLANK, "v": BREAK}

_SHORT = frozenset("dDwWsShHvV")
"""Letters that stand for many characters after a backslash."""

_PART = re.compile(
    r"\\Q(?P<quoted>.*?)(?:\\E|\Z)"
    r"|\\(?P<kind>[pP])(?:\{(?P<name>[\w=]+)\}|(?P<letter>\w))"
    r"|\\x\{(?P<code>[0-9A-Fa-f]+)\}"
    r"|\\(?P<escaped>.)"
    r"|&&|\[\^?|.",
    re.DOTALL,
)


def category(negated: bool, name: str) -> str:
    """``\\p{name}``, or ``\\P{name}``, outside brackets. Raises ``ValueError`` for a name that is not known."""
    listed = _POSIX.get(name)
    if listed is None:
        found = _CATEGORY.fullmatch(_CATEGORIES.get(name, name))
        if found is None:
            raise ValueError(f"\\{'P' if negated else 'p'}{{{name}}} is not supported in patterns")
        listed = _listed(found[1])
    return f"[{'^' if negated else ''}{listed}]"


def blanks_or_breaks(letter: str) -> str | None:
    """``\\h``, ``\\v`` and their opposites ``\\H``, ``\\V`` outside brackets; ``None`` for another letter."""
    listed = _SETS.get(letter.lower())
    return listed and f"[{'^' if letter.isupper() else ''}{listed}]"


def bracketed(pattern: str, start: int) -> tuple[str, int]:
    """The class whose bracket opens at ``start``, and where it ends. Raises ``ValueError`` if it does not end."""
    parts = _PART.finditer(pattern, start)
    return _class(next(parts)[0] == "[^", parts, pattern)


@dataclass
class _Union:
    """Characters as they stand between brackets, and classes beside them."""

    listed: str = ""
    nested: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.listed or self.nested)

    @property
    def text(self) -> str:
        all_of_it = ([f"[{self.listed}]"] if self.listed else []) + self.nested
        return all_of_it[0] if len(all_of_it) == 1 else f"(?:{'|'.join(all_of_it)})"


def _class(negated: bool, parts: Iterator[re.Match[str]], pattern: str) -> tuple[str, int]:
    """The rest of a class after its opening bracket, and where it ends."""
    unions = [_Union()]
    after_set = False  # where a hyphen makes no range
    for part in parts:
        found, union = part[0], unions[-1]
        if found == "]" and (union or len(unions) > 1):
            return _joined(negated, [one for one in unions if one]), part.end()
        hyphen = r"\-" if after_set else "-"
        after_set = bool(part["kind"]) or found[0] == "[" or (part["escaped"] or " ") in _SHORT
        if part["quoted"] is not None:
            union.listed += re.escape(part["quoted"])
        elif part["kind"]:
            union.nested.append(category(part["kind"] == "P", part["name"] or part["letter"]))
        elif part["code"]:
            union.listed += re.escape(chr(int(part["code"], 16)))
        elif part["escaped"]:
            _add_escaped(union, part["escaped"])
        elif found == "&&":
            unions.append(_Union())
        elif found[0] == "[":
            union.nested.append(_class(found == "[^", parts, pattern)[0])
        elif found == "-":
            union.listed += hyphen
        else:
            union.listed += rf"\{found}" if found in "^]" else found
    raise ValueError(f"Invalid regular expression pattern: {pattern}: a class does not end")


def _add_escaped(union: _Union, letter: str) -> None:
    either = blanks_or_breaks(letter)
    if either is None:
        union.listed += r"\x1b" if letter == "e" else f"\\{letter}"
    elif letter.islower():
        union.listed += _SETS[letter]
    else:
        union.nested.append(either)


def _joined(negated: bool, unions: list[_Union]) -> str:
    """The intersection of ``unions``, or all characters that are not in it."""
    if len(unions) == 1 and not unions[0].nested:
        return f"[{'^' if negated else ''}{unions[0].listed}]"
    *others, last = unions
    text = "".join(f"(?={one.text})" for one in others) + last.text
    return rf"(?:(?!{text})[\s\S])" if negated else f"(?:{text})"


@lru_cache(maxsize=64)
def _listed(name: str) -> str:
    """All characters of a category of Unicode, or of a group of them, as ranges."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)).startswith(name):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in ranges)

"""Java's regular expressions in Python's notation; by themselves both mean the same by nearly everything.

Classes are of ASCII letters and digits, as in Java unless a pattern asks for more. What Python cannot say (an
intersection of classes, a category of Unicode other than letters) is refused.
"""

from __future__ import annotations

import re
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

_LETTERS = frozenset({"L", "IsL", "IsLetter", "IsAlphabetic", "javaLetter"})
_BLANK, _BREAK = r" \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000", r"\n\x0b\f\r\x85\u2028\u2029"
_SETS = {"h": _BLANK, "v": _BREAK}
_OUTSIDE = {"z": r"\Z", "Z": r"(?=\n?\Z)", "R": rf"(?:\r\n|[{_BREAK}])", "e": r"\x1b"}

_PART = re.compile(
    r"\\Q(?P<quoted>.*?)(?:\\E|\Z)"
    r"|\\(?P<kind>[pP])(?:\{(?P<name>\w+)\}|(?P<letter>\w))"
    r"|\\x\{(?P<code>[0-9A-Fa-f]+)\}"
    r"|\\(?P<escaped>.)"
    r"|\(\?<(?![=!])|&&|\[\^?\]?|.",
    re.DOTALL,
)
"""What is written in another way, and what opens and closes a class: a bracket that follows the first is no end."""


@lru_cache(maxsize=1024)
def java_regex(pattern: str) -> re.Pattern[str]:
    """A compiled pattern. Raises ``ValueError`` for what is no regular expression, or one that Python cannot say."""
    try:
        return re.compile(_translated(pattern), re.ASCII)
    except re.error as error:
        raise ValueError(f"Invalid regular expression pattern: {pattern}: {error}") from None


def _translated(pattern: str) -> str:
    text, in_class = "", False
    for part in _PART.finditer(pattern):
        found = part[0]
        if part["quoted"] is not None:
            text += re.escape(part["quoted"])
        elif part["kind"]:
            text += _category(part["kind"] == "P", part["name"] or part["letter"], in_class)
        elif part["code"]:
            text += re.escape(chr(int(part["code"], 16)))
        elif part["escaped"]:
            text += _escape(part["escaped"], in_class)
        elif in_class and (found == "&&" or found[0] == "["):
            raise ValueError(f"Unions and intersections of classes are not supported in patterns: {pattern}")
        else:
            text += "(?P<" if found == "(?<" and not in_class else found
            in_class = found[0] == "[" or (in_class and found != "]")
    return text


def _escape(character: str, in_class: bool) -> str:
    if character in _SETS:
        return _SETS[character] if in_class else f"[{_SETS[character]}]"
    return _OUTSIDE.get(character, f"\\{character}") if not in_class or character == "e" else f"\\{character}"


def _category(negated: bool, name: str, in_class: bool) -> str:
    if name in _LETTERS and not in_class:
        return r"(?u:[\W\d_])" if negated else r"(?u:[^\W\d_])"
    listed = _POSIX.get(name)
    if listed is None or (negated and in_class):
        raise ValueError(f"\\{'P' if negated else 'p'}{{{name}}} is not supported in patterns")
    return listed if in_class else f"[{'^' if negated else ''}{listed}]"

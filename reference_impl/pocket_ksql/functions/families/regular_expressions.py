"""Functions that search texts for regular expressions, as Java writes them."""

from __future__ import annotations

import re

from pocket_ksql import utf16
from pocket_ksql.functions.java_regex import java_regex, matches
from pocket_ksql.functions.registry import scalar

CATEGORY = "REGULAR EXPRESSION"


@scalar(
    "REGEXP_EXTRACT", "(pattern STRING, input STRING) -> STRING", "(pattern STRING, input STRING, group INT) -> STRING"
)
def regexp_extract(pattern: str, text: str, group: int = 0) -> str | None:
    """Returns the first match of a pattern, or one of its groups."""
    found = java_regex(pattern)
    match = found.search(text)
    return None if match is None or group > found.groups else match[group]


@scalar("REGEXP_EXTRACT_ALL", "(pattern STRING, input STRING) -> ARRAY<STRING>",
        "(pattern STRING, input STRING, group INT) -> ARRAY<STRING>")  # fmt: skip
def regexp_extract_all(pattern: str, text: str, group: int = 0) -> list[str | None] | None:
    """Returns all matches of a pattern, or one group of each."""
    found = java_regex(pattern)
    return None if group > found.groups else [match[group] for match in matches(found, text)]


@scalar("REGEXP_REPLACE", "(str STRING, regexp STRING, newStr STRING) -> STRING")
def regexp_replace(text: str, pattern: str, new: str) -> str:
    """Replaces every match of a pattern."""
    parts, at = [], 0
    for match in matches(java_regex(pattern), text):
        parts += [text[at : match.start()], _expanded(new, match)]
        at = match.end()
    return "".join([*parts, text[at:]])


_REPLACEMENT = re.compile(r"\\(.)|\$(\d+)|\$\{([a-zA-Z][a-zA-Z0-9]*)\}|([$\\])", re.DOTALL)


def _expanded(new: str, match: re.Match[str]) -> str:
    """Java's replacement: ``$1`` and ``${name}`` stand for groups, a backslash takes the next character as it is.

    Of several digits those count that make the number of a group. Raises ``ValueError`` where no group is meant.
    """

    def part(found: re.Match[str]) -> str:
        escaped, number, name, alone = found.groups()
        if escaped is not None:
            return str(escaped)
        if alone:
            raise ValueError(f"Illegal group reference in the replacement {new!r}")
        if name:
            return match[name] or ""
        length = 1
        while length < len(number) and int(number[: length + 1]) <= match.re.groups:
            length += 1
        return (match[int(number[:length])] or "") + number[length:]

    return _REPLACEMENT.sub(part, new)


@scalar("REGEXP_SPLIT_TO_ARRAY", "(str STRING, regexp STRING) -> ARRAY<STRING>")
def regexp_split_to_array(text: str, pattern: str) -> list[str]:
    """Splits at the matches of a pattern; one that also matches no text splits into characters, too."""
    if pattern == "":
        return [utf16.text_of(unit) for unit in utf16.units(text)] or [text]
    expression = java_regex(pattern)
    parts = _between(expression, text)
    if expression.fullmatch(""):
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
    return parts


def _between(expression: re.Pattern[str], text: str) -> list[str]:
    """What lies between the matches; one of no text at the beginning separates nothing."""
    parts, at = [], 0
    for match in matches(expression, text):
        if match.end() > 0:
            parts.append(text[at : match.start()])
            at = match.end()
    return [*parts, text[at:]]

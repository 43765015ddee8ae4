"""Functions that search texts for regular expressions, as Java writes them."""

from __future__ import annotations

import re

from pocket_ksql import utf16
from pocket_ksql.functions.java_regex import java_regex
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
    return None if group > found.groups else [match[group] for match in found.finditer(text)]


@scalar("REGEXP_REPLACE", "(str STRING, regexp STRING, newStr STRING) -> STRING")
def regexp_replace(text: str, pattern: str, new: str) -> str:
    """Replaces every match of a pattern."""
    return java_regex(pattern).sub(lambda match: _expanded(new, match), text)


def _expanded(new: str, match: re.Match[str]) -> str:
    """Java's replacement: ``$1`` and ``${name}`` stand for groups, a backslash takes the next character as it is."""

    def part(found: re.Match[str]) -> str:
        if found[1] is not None:
            return found[1]
        group = int(found[2]) if found[2] is not None else found[3]
        return match[group] or ""

    return re.sub(r"\\(.)|\$(\d)|\$\{(\w+)\}", part, new, flags=re.DOTALL)


@scalar("REGEXP_SPLIT_TO_ARRAY", "(str STRING, regexp STRING) -> ARRAY<STRING>")
def regexp_split_to_array(text: str, pattern: str) -> list[str]:
    """Splits at the matches of a pattern."""
    if pattern == "":
        return [utf16.text_of(unit) for unit in utf16.units(text)]
    parts, at = [], 0
    for match in java_regex(pattern).finditer(text):
        if match.end() > match.start():
            parts.append(text[at : match.start()])
            at = match.end()
    return [*parts, text[at:]]

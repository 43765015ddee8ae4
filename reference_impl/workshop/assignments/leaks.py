"""Finds answers and hidden tests in what learners get to see: exercises, feedback, the book."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workshop.assignments import release
from workshop.assignments.source import Assignment

_REGION = re.compile(r"^[ \t]*### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)^[ \t]*### END \1", re.MULTILINE | re.DOTALL)
_MARKER = re.compile(r"### (BEGIN|END) (SOLUTION|HIDDEN TESTS)")
_SUFFIXES = (".ipynb", ".html", ".md", ".json", ".js", ".txt", ".py", ".yml", ".csv")
_TELLING = 24  # shorter lines (`return rows`, `else:`) stand in many texts
_ENTITIES = {"&quot;": '"', "&#34;": '"', "&#39;": "'", "&#x27;": "'", "&lt;": "<", "&gt;": ">", "&amp;": "&"}


@dataclass(frozen=True)
class Leak:
    """A line that must not be there. ``what`` is ``solution``, ``hidden tests`` or ``marker``."""

    path: Path
    what: str
    text: str


def find(folder: Path, assignments: Iterable[Assignment]) -> Iterator[Leak]:
    """Every line of an answer or a hidden test that stands in a file below ``folder``.

    A line counts if it is long enough to tell something and is not part of the released notebooks and hints.
    """
    secrets: dict[str, str] = {}
    known = ""
    for assignment in assignments:
        known += "\n".join(cell.source for cell in release.notebook_of(assignment).cells)
        for task in assignment.tasks:
            known += "\n".join(task.hints)
            for source in (task.solution, task.check):
                for kind, region in _REGION.findall(source):
                    for line in map(str.strip, region.splitlines()):
                        if len(line) >= _TELLING:
                            secrets[_bare(line)] = kind.lower()
    bare = _bare(known)
    secrets = {line: kind for line, kind in secrets.items() if line not in bare}
    for path in sorted(folder.rglob("*")):
        if path.suffix in _SUFFIXES and path.is_file():
            text = _text(path)
            if (marker := _MARKER.search(text)) is not None:
                yield Leak(path, "marker", marker[0])
            shown = _bare(text)
            yield from (Leak(path, kind, line) for line, kind in secrets.items() if line in shown)


def _text(path: Path) -> str:
    """What a reader sees: without HTML's tags, and a notebook's strings as they are meant."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix in (".ipynb", ".json"):
        try:
            return "\n".join(_strings(json.loads(text)))
        except ValueError:
            return text
    if path.suffix == ".html":
        text = re.sub(r"<[^>]*>", "", text)
        for entity, character in _ENTITIES.items():
            text = text.replace(entity, character)
    return text


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from _strings(one)
        case dict():
            for one in value.values():
                yield from _strings(one)


def _bare(text: str) -> str:
    """Without white space, so that a different indentation or line break hides nothing."""
    return "".join(text.split())

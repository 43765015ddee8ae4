"""The directive ``flow``: boxes on a grid and arrows between them, drawn as SVG in the page's own colours.

A line is a box, ``name (column,row) kind: first line | second line``, or an arrow, ``from -> to: words``.
Kinds: ``topic``, ``code``, ``store``, ``bad``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

_BOX = re.compile(r"(?P<name>\w+) \((?P<column>\d+),(?P<row>\d+)\) (?P<kind>topic|code|store|bad): (?P<text>.+)")
_ARROW = re.compile(r"(?P<start>\w+) -> (?P<end>\w+)(?:: (?P<text>.+))?")
_WIDTH, _HEIGHT, _ACROSS, _DOWN = 150, 48, 230, 92


class FlowError(ValueError):
    """A line of a diagram is neither a box nor an arrow between boxes that are there."""


@dataclass(frozen=True)
class Box:
    column: int
    row: int
    kind: str
    lines: tuple[str, ...]

    @property
    def centre(self) -> tuple[float, float]:
        return self.column * _ACROSS + _WIDTH / 2 + 4, self.row * _DOWN + _HEIGHT / 2 + 4


def draw(text: str, alt: str, number: int) -> str:
    """The diagram as an ``<svg>`` element. Raises :class:`FlowError`."""
    boxes: dict[str, Box] = {}
    arrows: list[str] = []
    marker = f"flow-head-{number}"
    for line in filter(None, map(str.strip, text.splitlines())):
        if match := _BOX.fullmatch(line):
            lines = tuple(part.strip() for part in match["text"].split("|"))
            boxes[match["name"]] = Box(int(match["column"]), int(match["row"]), match["kind"], lines)
        elif (match := _ARROW.fullmatch(line)) and {match["start"], match["end"]} <= boxes.keys():
            arrows.append(_arrow(boxes[match["start"]], boxes[match["end"]], match["text"] or "", marker))
        else:
            raise FlowError(f"neither a box nor an arrow between boxes above it: {line}")
    width = max(box.column for box in boxes.values()) * _ACROSS + _WIDTH + 8
    height = max(box.row for box in boxes.values()) * _DOWN + _HEIGHT + 8
    return (
        f'<div class="flow" tabindex="0" role="group" aria-label="Diagram"><svg viewBox="0 0 {width} {height}" '
        f'style="min-width:{width * 0.66:.0f}px" role="img" aria-label="{escape(alt)}"><defs><marker id="{marker}" '
        'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 0 8 4 0 8z"/></marker></defs>{"".join(arrows)}{"".join(map(_box, boxes.values()))}</svg></div>'
    )


def _box(box: Box) -> str:
    x, y = box.centre
    first = y + 5 - 8 * (len(box.lines) - 1)
    words = "".join(
        f'<text x="{x:.0f}" y="{first + 17 * number:.0f}">{escape(line)}</text>'
        for number, line in enumerate(box.lines)
    )
    corner = 22 if box.kind == "topic" else 5
    return (
        f'<g class="{box.kind}"><rect x="{x - _WIDTH / 2:.0f}" y="{y - _HEIGHT / 2:.0f}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" rx="{corner}"/>{words}</g>'
    )


def _arrow(start: Box, end: Box, text: str, marker: str) -> str:
    (x1, y1), (x2, y2) = start.centre, end.centre
    if start.column == end.column:
        side = 1 if y2 > y1 else -1
        y1, y2 = y1 + side * _HEIGHT / 2, y2 - side * _HEIGHT / 2
    else:
        side = 1 if x2 > x1 else -1
        x1, x2 = x1 + side * _WIDTH / 2, x2 - side * _WIDTH / 2
    x, y, anchor = (x1 + x2) / 2, (y1 + y2) / 2 - 6, "middle"  # above a line that goes across
    if x1 == x2:
        x, y, anchor = x1 + 8, (y1 + y2) / 2 + 4, "start"  # beside one that goes down
    words = f'<text x="{x:.0f}" y="{y:.0f}" style="text-anchor:{anchor}">{escape(text)}</text>' if text else ""
    line = f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" marker-end="url(#{marker})"/>'
    return f'<g class="arrow">{line}{words}</g>'


class Flow(SphinxDirective):
    """A diagram; ``alt`` says in words what it shows."""

    has_content = True
    option_spec = {"alt": directives.unchanged_required}  # noqa: RUF012 (docutils' own way)

    def run(self) -> list[nodes.Node]:
        svg = draw("\n".join(self.content), self.options["alt"], self.env.new_serialno("flow"))
        return [nodes.raw("", svg, format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("flow", Flow)
    return {"version": "1", "parallel_read_safe": True}

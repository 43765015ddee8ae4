"""The directive ``flow``: boxes on a grid and arrows between them, drawn as SVG in the page's own colours.

A line is a box, ``name (column,row) kind: first line | second line``, or an arrow, ``from -> to: words``.
Kinds: ``topic``, ``code``, ``store``, ``bad``. On a phone the columns stand one below the other.
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
_CLOSE = 176  # from box to box across an upright drawing, where no words stand between two of them
_MOST_ABREAST = 3  # boxes side by side on a phone


class FlowError(ValueError):
    """A line of a diagram is neither a box nor an arrow between boxes that are there."""


@dataclass(frozen=True)
class Box:
    column: int
    row: int
    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Arrow:
    start: Box
    end: Box
    text: str


@dataclass(frozen=True)
class Layout:
    """Where boxes stand. ``upright``: each column is a row, the first on top."""

    upright: bool
    across: int

    def place(self, box: Box) -> tuple[int, int]:
        return (box.row, box.column) if self.upright else (box.column, box.row)

    def centre(self, box: Box) -> tuple[float, float]:
        column, row = self.place(box)
        return column * self.across + _WIDTH / 2 + 4, row * _DOWN + _HEIGHT / 2 + 4


def draw(text: str, alt: str, number: int) -> str:
    """The diagram as one ``<svg>`` element, or two: a wide one, and one for narrow pages. Raises :class:`FlowError`."""
    boxes, arrows = _parts(text)
    drawings = [_svg(boxes, arrows, alt, f"flow-head-{number}", Layout(upright=False, across=_ACROSS))]
    columns, rows = (1 + max(getattr(box, side) for box in boxes) for side in ("column", "row"))
    if columns > 2 and rows <= _MOST_ABREAST:
        words = any(arrow.text for arrow in arrows if arrow.start.column == arrow.end.column)
        layout = Layout(upright=True, across=_ACROSS if words else _CLOSE)
        drawings.append(_svg(boxes, arrows, alt, f"flow-head-{number}-upright", layout))
    return f'<div class="flow" tabindex="0" role="group" aria-label="Diagram">{"".join(drawings)}</div>'


def _parts(text: str) -> tuple[list[Box], list[Arrow]]:
    boxes: dict[str, Box] = {}
    arrows: list[Arrow] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if match := _BOX.fullmatch(line):
            lines = tuple(part.strip() for part in match["text"].split("|"))
            boxes[match["name"]] = Box(int(match["column"]), int(match["row"]), match["kind"], lines)
        elif (match := _ARROW.fullmatch(line)) and {match["start"], match["end"]} <= boxes.keys():
            arrows.append(Arrow(boxes[match["start"]], boxes[match["end"]], match["text"] or ""))
        else:
            raise FlowError(f"neither a box nor an arrow between boxes above it: {line}")
    return list(boxes.values()), arrows


def _svg(boxes: list[Box], arrows: list[Arrow], alt: str, marker: str, layout: Layout) -> str:
    columns, rows = (max(sides) for sides in zip(*map(layout.place, boxes), strict=True))
    width, height = columns * layout.across + _WIDTH + 8, rows * _DOWN + _HEIGHT + 8
    parts = [*(_arrow(arrow, marker, layout) for arrow in arrows), *(_box(box, layout) for box in boxes)]
    largest = f";max-width:{width}px" if layout.upright else ""
    return (
        f'<svg class="{"upright" if layout.upright else "across"}" viewBox="0 0 {width} {height}" '
        f'style="min-width:{width * 0.66:.0f}px{largest}" role="img" aria-label="{escape(alt)}">'
        f'<defs><marker id="{marker}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto">'
        f'<path d="M0 0 8 4 0 8z"/></marker></defs>{"".join(parts)}</svg>'
    )


def _box(box: Box, layout: Layout) -> str:
    x, y = layout.centre(box)
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


def _arrow(arrow: Arrow, marker: str, layout: Layout) -> str:
    (x1, y1), (x2, y2) = layout.centre(arrow.start), layout.centre(arrow.end)
    downward = x1 == x2 or (layout.upright and y1 != y2)
    if x1 != x2 and y1 != y2:
        right, lower, anchor = 0, 4, "middle"  # on a slanted line, in the gap that the style makes
    elif downward:
        right, lower, anchor = 8, 4, "start"  # beside a line that goes down
    else:
        right, lower, anchor = 0, -6, "middle"  # above one that goes across
    x, y = (x1 + x2) / 2 + right, (y1 + y2) / 2 + lower
    if downward:
        side = 1 if y2 > y1 else -1
        y1, y2 = y1 + side * _HEIGHT / 2, y2 - side * _HEIGHT / 2
    else:
        side = 1 if x2 > x1 else -1
        x1, x2 = x1 + side * _WIDTH / 2, x2 - side * _WIDTH / 2
    words = (
        f'<text x="{x:.0f}" y="{y:.0f}" style="text-anchor:{anchor}">{escape(arrow.text)}</text>' if arrow.text else ""
    )
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

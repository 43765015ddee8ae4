"""Outcomes for people: as text, and as HTML in a notebook."""

from __future__ import annotations

import sys
from html import escape

from workshop.checks.outcomes import Item, Status, TaskReport

_MARKS = {Status.CORRECT: "✓", Status.NOT_ATTEMPTED: "–"}
_COLOURS = {Status.CORRECT: "#1a7f37", Status.NOT_ATTEMPTED: "#6e7781"}


def mark(item: Item) -> str:
    return _MARKS.get(item.status, "✗")


def text(report: TaskReport) -> str:
    """A readable list, without colours."""
    lines = [headline(report)]
    for item in report.items:
        lines.append(f"  {mark(item)} {item.what}")
        lines += [f"      {line}" for line in (item.message, item.detail) if line]
    return "\n".join(lines)


def headline(report: TaskReport) -> str:
    passed = sum(item.passed for item in report.items)
    checks, points = f"{passed} of {len(report.items)} checks", f"{report.score:g} of {report.points:g} points"
    return f"{report.task}: {report.status}, {checks}, {points}"


class Shown:
    """A report that a notebook renders."""

    def __init__(self, report: TaskReport) -> None:
        self._report = report

    def __repr__(self) -> str:
        return text(self._report)

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<li style="list-style:none"><b style="color:{_COLOURS.get(item.status, "#cf222e")}">{mark(item)}</b> '
            f"{escape(item.what)}{_explanation(item)}</li>"
            for item in self._report.items
        )
        return f'<p><b>{escape(headline(self._report))}</b></p><ul style="padding-left:1em">{rows}</ul>'


def _explanation(item: Item) -> str:
    lines = [escape(line) for line in (item.message, item.detail) if line]
    return f'<div style="padding-left:1.5em">{"<br>".join(lines)}</div>' if lines else ""


def display(report: TaskReport) -> None:
    """Show the report in the notebook, or write it to standard output."""
    if "IPython" in sys.modules:
        from IPython.core.getipython import get_ipython

        if get_ipython() is not None:
            from IPython.display import display as show

            show(Shown(report))
            return
    sys.stdout.write(text(report) + "\n")

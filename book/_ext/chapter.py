"""What every chapter has: its head, its key points, questions with explained answers, plans for instructors.

The head, the key points and the plans come from the ``chapter`` part of a chapter's front matter.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from timetable import Day, Part, Pause, at_home, days_of


class ChapterError(ValueError):
    """A chapter's front matter or a question does not have the form that it must have."""


def chapter_facts(file: Path) -> dict[str, Any] | None:
    """The ``chapter`` part of the front matter of ``file``; None for a page that is no chapter."""
    text = file.read_text(encoding="utf-8")
    if not text.startswith("---\n"):
        return None
    facts = yaml.safe_load(text.split("\n---\n", 1)[0][4:]).get("chapter")
    if facts is not None:
        facts["title"] = next(line[2:] for line in text.splitlines() if line.startswith("# "))
    return facts


def chapters(book: Path) -> list[Path]:
    """The pages of ``book`` in the order of its table of contents."""
    toc = yaml.safe_load((book / "_toc.yml").read_text(encoding="utf-8"))
    names = [toc["root"], *(entry["file"] for part in toc["parts"] for entry in part["chapters"])]
    return [book / f"{name}.md" for name in names]


def answer_of(line: str) -> tuple[bool, str, str]:
    """``- [x] an answer :: why`` → (right?, answer, why). Raises :class:`ChapterError`."""
    mark, _, rest = line.partition("] ")
    answer, separator, why = rest.partition(" :: ")
    if mark not in ("- [ ", "- [x") or not separator:
        raise ChapterError(f"An answer reads `- [ ] answer :: why` or `- [x] answer :: why`, not: {line}")
    return mark == "- [x", answer, why


class _Reading(SphinxDirective):
    """A directive whose content is made from MyST text."""

    def facts(self) -> dict[str, Any]:
        facts = chapter_facts(Path(self.env.doc2path(self.env.docname)))
        if facts is None:
            raise ChapterError(f"{self.env.docname} has no `chapter` in its front matter")
        return facts

    def parse(self, text: str) -> list[nodes.Node]:
        return self.parse_text_to_nodes(text)


class Head(_Reading):
    """Questions, objectives, prerequisites and minutes of the chapter."""

    def run(self) -> list[nodes.Node]:
        facts = self.facts()
        minutes = facts["minutes"]
        lines = [
            f":::{{admonition}} About {minutes['read']} minutes to read{_exercises(facts)}",
            ":class: chapter-head",
            "**Questions**",
            "",
            *(f"- {item}" for item in facts["questions"]),
            "",
            "**Afterwards you can**",
            "",
            *(f"- {item}" for item in facts["objectives"]),
            "",
            f"**You need** {facts['prerequisites']}",
            "",
            "The minutes are for planning. They are no standard to meet.",
            ":::",
        ]
        return self.parse("\n".join(lines))


def _exercises(facts: dict[str, Any]) -> str:
    """What comes on top of reading."""
    if not (do := facts["minutes"]["do"]):
        return ""
    return f", {do} for the assignment" if "assignment" in facts else f", {do} to do it"


class KeyPoints(_Reading):
    """What to remember of the chapter."""

    def run(self) -> list[nodes.Node]:
        points = (f"- {point}" for point in self.facts()["key_points"])
        return self.parse("\n".join([":::{admonition} Key points", ":class: tip", *points, ":::"]))


class AllKeyPoints(_Reading):
    """What to remember of each chapter, on one page."""

    def run(self) -> list[nodes.Node]:
        lines = []
        for file in chapters(Path(self.env.srcdir)):
            if facts := chapter_facts(file):
                self.env.note_dependency(str(file))
                lines += [f"**[{facts['title']}]({file.stem}.md)**", ""]
                lines += [*(f"- {point}" for point in facts["key_points"]), ""]
        return self.parse("\n".join(lines))


class Quiz(_Reading):
    """A question; each answer unfolds to say whether it is right, and why."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        box = nodes.container(classes=["quiz"])
        box += self.parse(f"**{self.arguments[0]}**")
        for line in self.content:
            if line.strip():
                right, answer, why = answer_of(line)
                box += nodes.raw("", f"<details><summary>{_inline(answer)}</summary>", format="html")
                box += self.parse(f"**{'Right.' if right else 'No.'}** {why}")
                box += nodes.raw("", "</details>", format="html")
        return [box]


class Plan(_Reading):
    """A timetable from the chapters' minutes: ``half``, ``one`` or ``two`` days of ``minutes`` each.

    The tasks of the chapters that ``at-home`` names are left for later.
    """

    required_arguments = 1
    option_spec = {  # noqa: RUF012 (docutils' own way)
        "minutes": directives.positive_int,
        "days": directives.positive_int,
        "at-home": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        facts = {}
        for file in chapters(Path(self.env.srcdir)):
            found = chapter_facts(file)
            if found is not None and self.arguments[0] in found["plans"]:
                self.env.note_dependency(str(file))
                facts[file.stem] = found
        parts = at_home(
            [Part(name, found["minutes"]["read"], found["minutes"]["class"]) for name, found in facts.items()],
            self.options.get("at-home", "").split(),
        )
        minutes, count = self.options["minutes"], self.options.get("days", 1)
        shown: list[nodes.Node] = []
        for number, day in enumerate(days_of(parts, minutes, count), start=1):
            shown += self.parse(_table(day, facts, minutes, f"Day {number}" if count > 1 else ""))
        return shown


def _table(day: Day, facts: dict[str, dict[str, Any]], minutes: int, title: str) -> str:
    """One day as a table in MyST text, with its sums."""
    rows = [f"**{title}**\n"] if title else []
    rows += ["| from | chapter | talk | tasks | which tasks |", "|---|---|--:|--:|---|"]
    clock = 0
    for row in day.rows:
        start = f"| {clock // 60}:{clock % 60:02d} |"
        clock += row.minutes
        if isinstance(row, Pause):
            rows.append(f"{start} *{f'break, {row.minutes} minutes' if row.minutes else 'lunch'}* | | | |")
            continue
        what = _tasks(facts[row.name]) if row.tasks else ("at home" if facts[row.name]["minutes"]["class"] else "")
        tasks = row.tasks or ""
        rows.append(f"{start} [{facts[row.name]['title']}]({row.name}.md) | {row.talk} | {tasks} | {what} |")
    parts = [row for row in day.rows if isinstance(row, Part)]
    talk, tasks = sum(part.talk for part in parts), sum(part.tasks for part in parts)
    rows.append(f"| {clock // 60}:{clock % 60:02d} | **taught: {day.taught} minutes** | **{talk}** | **{tasks}** | |")
    left = f"{day.minutes - day.taught} minutes of breaks, {minutes - day.minutes} of {minutes} to spare"
    return "\n".join([*rows, f"| | {left} | | | |"])


def _tasks(facts: dict[str, Any]) -> str:
    numbers, assignment = facts.get("tasks", "all"), facts.get("assignment") or facts.get("tasks_of")
    if assignment is None:
        return "those of the chapter"
    return f"`{assignment}`: {numbers if isinstance(numbers, str) else ', '.join(map(str, numbers))}"


class TimeNeeded(_Reading):
    """How long all chapters take, from their minutes."""

    def run(self) -> list[nodes.Node]:
        minutes = {"read": 0, "do": 0}
        for file in chapters(Path(self.env.srcdir)):
            if facts := chapter_facts(file):
                self.env.note_dependency(str(file))
                minutes = {part: minutes[part] + facts["minutes"][part] for part in minutes}
        read, do = (f"{total / 60:.0f} hours" for total in minutes.values())
        return self.parse(f"About {read} to read and {do} for set-up and assignments, in any number of sittings.")


class Slides(_Reading):
    """Links to the slides of each chapter."""

    def run(self) -> list[nodes.Node]:
        decks = nodes.bullet_list()
        for file in chapters(Path(self.env.srcdir)):
            if facts := chapter_facts(file):
                link = nodes.reference("", facts["title"], refuri=f"slides/{file.stem}.html", internal=True)
                decks += nodes.list_item("", nodes.paragraph("", "", link))
        return [decks]


def _inline(text: str) -> str:
    """Escaped text with `code` marked."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))


def setup(app: Sphinx) -> dict[str, Any]:
    for name, directive in {
        "chapter-head": Head,
        "key-points": KeyPoints,
        "all-key-points": AllKeyPoints,
        "quiz": Quiz,
        "plan": Plan,
        "time-needed": TimeNeeded,
        "slides": Slides,
    }.items():
        app.add_directive(name, directive)
    return {"version": "1", "parallel_read_safe": True}

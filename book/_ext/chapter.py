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
            f":::{{admonition}} About {minutes['read']} minutes to read, {minutes['do']} for the exercises",
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


class KeyPoints(_Reading):
    """What to remember of the chapter."""

    def run(self) -> list[nodes.Node]:
        points = (f"- {point}" for point in self.facts()["key_points"])
        return self.parse("\n".join([":::{admonition} Key points", ":class: tip", *points, ":::"]))


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
    """A timetable from the chapters' minutes: ``half``, ``one`` or ``two`` days."""

    required_arguments = 1
    option_spec = {"minutes": directives.positive_int}  # noqa: RUF012 (docutils' own way)

    def run(self) -> list[nodes.Node]:
        rows = ["| from | chapter | what |", "|---|---|---|"]
        clock, budget = 0, self.options["minutes"]
        for file in chapters(Path(self.env.srcdir)):
            facts = chapter_facts(file)
            if facts is None or self.arguments[0] not in facts["plans"]:
                continue
            self.env.note_dependency(str(file))
            needed = facts["minutes"]["read"] + facts["minutes"]["do"]
            rows.append(f"| {clock // 60}:{clock % 60:02d} | [{facts['title']}]({file.name}) | {needed} minutes |")
            clock += needed
        rows.append(f"| {clock // 60}:{clock % 60:02d} | end | {budget - clock} of {budget} minutes left for breaks |")
        if clock > budget:
            raise ChapterError(f"The plan `{self.arguments[0]}` takes {clock} minutes, more than {budget}")
        return self.parse("\n".join(rows))


class TimeNeeded(_Reading):
    """How long all chapters take, from their minutes."""

    def run(self) -> list[nodes.Node]:
        minutes = {"read": 0, "do": 0}
        for file in chapters(Path(self.env.srcdir)):
            if facts := chapter_facts(file):
                self.env.note_dependency(str(file))
                minutes = {part: minutes[part] + facts["minutes"][part] for part in minutes}
        read, do = (f"{total / 60:.0f} hours" for total in minutes.values())
        return self.parse(f"About {read} to read and {do} for the exercises, in any number of sittings.")


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
        "quiz": Quiz,
        "plan": Plan,
        "time-needed": TimeNeeded,
        "slides": Slides,
    }.items():
        app.add_directive(name, directive)
    return {"version": "1", "parallel_read_safe": True}

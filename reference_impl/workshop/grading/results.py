"""What came of grading: one value for each submission, kept as JSON so that a batch can go on where it was."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from workshop.assignments.source import Assignment
from workshop.checks.outcomes import Item, Status, TaskReport
from workshop.grading.intake import Learner

WITHHELD_DETAIL = (
    "(What came is not shown here: the code had been given inputs of hidden checks, and could repeat them. "
    "In your own notebook, the same check shows it.)"
)


@dataclass(frozen=True)
class Graded:
    """A graded submission. ``fingerprint`` says of what; ``printed`` holds what each learner's cell printed."""

    learner: Learner
    fingerprint: str
    tasks: tuple[TaskReport, ...]
    notes: tuple[str, ...]
    printed: Mapping[str, str]
    seconds: float

    @property
    def score(self) -> float:
        """Points of all tasks, to the cent as those of each task: sums of binary fractions end in …99999."""
        return round(sum(task.score for task in self.tasks), 2)

    @property
    def points(self) -> float:
        return sum(task.points for task in self.tasks)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        raw = {**asdict(self), "tasks": [task.as_dict() for task in self.tasks]}
        return {**raw, "score": self.score, "points": self.points}


def readable(raw: Mapping[str, Any]) -> dict[str, Any]:
    """``raw`` with text that every file can hold: half of a character, which JSON lets through, becomes ``?``."""
    text = json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace").decode()
    return dict(json.loads(text))


def of(assignment: Assignment, raw: Mapping[str, Any]) -> tuple[tuple[TaskReport, ...], dict[str, str]]:
    """Reports and printed texts from what a group of processes gave; a task without a report earns nothing."""
    cells = {cell["id"]: cell for cell in raw["cells"]}
    reports = []
    for task in assignment.tasks:
        cell = cells.get(f"{task.name}-check", {})
        if cell.get("report"):
            report = TaskReport.from_dict(cell["report"])
        else:
            why = raw.get("error") or cell.get("error") or "it gave no report"
            message = "The check did not come to its end."
            hidden = bool(cell.get("error_hidden"))
            item = Item("the check runs to its end", Status.INCORRECT, message, why, hidden=hidden)
            report = TaskReport(task.name, task.points, (item,))
        if cell.get("knows_hidden"):  # an answer may hold an input of an earlier hidden check
            report = replace(report, items=tuple(replace(item, detail_hidden=True) for item in report.items))
        reports.append(report)
    printed = {name: "\n".join(filter(None, (cell["output"], cell["error"]))) for name, cell in cells.items()}
    return tuple(reports), {name: text for name, text in printed.items() if text and not name.endswith("-check")}


def public(report: TaskReport) -> TaskReport:
    """The report as the learner may see it: of hidden checks only how many passed."""
    shown: list[Item] = []
    said = False
    for item in report.items:
        if item.hidden:
            continue
        if item.detail and item.detail_hidden:
            item = replace(item, detail="" if said else WITHHELD_DETAIL)
            said = True
        shown.append(item)
    hidden = [item for item in report.items if item.hidden]
    if hidden:
        passed = sum(item.passed for item in hidden)
        status = Status.CORRECT if passed == len(hidden) else Status.INCORRECT
        about = "" if passed == len(hidden) else "Try your code on other data than the visible checks use."
        shown.append(Item(f"hidden checks: {passed} of {len(hidden)} passed", status, about))
    return TaskReport(report.task, report.points, tuple(shown))


def save(folder: Path, graded: Graded) -> None:
    """Write the result; a crash leaves the old one or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{graded.learner.id}.tmp"
    draft.write_text(json.dumps(graded.as_dict(), indent=1), encoding="utf-8")
    os.replace(draft, folder / f"{graded.learner.id}.json")


def load(folder: Path, learner: Learner) -> Graded | None:
    """The result of last time, or None where there is none that can be read."""
    try:
        raw = json.loads((folder / f"{learner.id}.json").read_text(encoding="utf-8"))
        return Graded(
            learner=Learner(**raw["learner"]),
            fingerprint=raw["fingerprint"],
            tasks=tuple(TaskReport.from_dict(task) for task in raw["tasks"]),
            notes=tuple(raw["notes"]),
            printed=raw["printed"],
            seconds=raw["seconds"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None

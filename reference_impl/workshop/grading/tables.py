"""Grades as tables: CSV and JSON for people and programs, and the forms that Canvas and Moodle take back."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from workshop.assignments.source import Assignment
from workshop.grading.likeness import Pair
from workshop.grading.results import Graded, public

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write(
    folder: Path,
    assignment: Assignment,
    everybody: Sequence[Graded],
    scores: Mapping[str, float],
    alike: Sequence[Pair],
) -> list[Path]:
    """Write ``grades.csv``, ``grades.json`` and, for learners from there, ``canvas.csv`` and ``moodle.csv``."""
    names = [task.name for task in assignment.tasks]
    whole = assignment.points
    rows: list[dict[str, Any]] = []
    for one in everybody:
        by_task = {report.task: report.score for report in one.tasks}
        known = {"id": one.learner.id, "name": one.learner.name, "late": "late" if one.learner.late else ""}
        total = {"score": scores.get(one.learner.id, one.score), "of": whole}
        rows.append({**known, **{name: by_task[name] for name in names}, **total, "notes": "; ".join(one.notes)})
    written = [_csv(folder / "grades.csv", ["id", "name", "late", *names, "score", "of", "notes"], rows)]
    document = {
        "assignment": assignment.name,
        "points": whole,
        "submissions": [{**one.as_dict(), "final_score": scores.get(one.learner.id, one.score)} for one in everybody],
        "alike": [asdict(pair) for pair in alike],
    }
    (folder / "grades.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    written.append(folder / "grades.json")
    if canvas := [one for one in everybody if one.learner.platform == "Canvas"]:
        columns = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment.name]
        lines = [
            {"Student": one.learner.name, "ID": one.learner.platform_id, assignment.name: scores[one.learner.id]}
            for one in canvas
        ]
        points = {"Student": "    Points Possible", assignment.name: whole}
        written.append(_csv(folder / "canvas.csv", columns, [points, *lines]))
    if moodle := [one for one in everybody if one.learner.platform == "Moodle"]:
        columns = ["Identifier", "Full name", "Grade", "Maximum Grade", "Feedback comments"]
        lines = [
            {
                "Identifier": f"Participant {one.learner.platform_id}",
                "Full name": one.learner.name,
                "Grade": scores[one.learner.id],
                "Maximum Grade": whole,
                "Feedback comments": _comment(one),
            }
            for one in moodle
        ]
        written.append(_csv(folder / "moodle.csv", columns, lines))
    return written


def _comment(graded: Graded) -> str:
    return "; ".join(f"{public(report).task}: {report.score:g} of {report.points:g}" for report in graded.tasks)


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return path


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value

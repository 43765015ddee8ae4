"""Pages for people: feedback for each learner, and a summary of the class."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from workshop.assignments.source import Assignment
from workshop.grading.likeness import Pair
from workshop.grading.repair import Repaired
from workshop.grading.results import Graded, public

_BINS = 10
_CODE = re.compile(r"`([^`\n]+)`")
_templates = Environment(
    loader=PackageLoader("workshop.grading"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["marked"] = lambda text: Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def feedback(root: Path, assignment: Assignment, graded: Graded, repaired: Repaired) -> Path:
    """Write one learner's page. It holds nothing of hidden checks but how many passed."""
    path = root / "feedback" / graded.learner.id / assignment.name / f"{assignment.name}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    tasks = [
        {
            "report": report,
            "items": public(report).items,
            "answer": repaired.answer(report.task),
            "title": assignment.task(report.task).title,
        }
        for report in graded.tasks
    ]
    page = _templates.get_template("feedback.html").render(assignment=assignment, graded=graded, tasks=tasks)
    path.write_text(page, encoding="utf-8")
    return path


def summary(
    root: Path,
    assignment: Assignment,
    everybody: Sequence[Graded],
    scores: Mapping[str, float],
    alike: Sequence[Pair],
) -> Path:
    """Write the page about the class: distribution of scores, hardest tasks first, everybody's results, likenesses."""
    whole = assignment.points or 1
    bins = [0] * _BINS
    final = [scores.get(one.learner.id, one.score) for one in everybody]
    for score in final:
        bins[min(int(score / whole * _BINS), _BINS - 1)] += 1
    tasks = []
    for number, task in enumerate(assignment.tasks):
        reports = [one.tasks[number] for one in everybody]
        tasks.append(
            {
                "name": task.name,
                "title": task.title,
                "points": task.points,
                "share": sum(report.score for report in reports) / (task.points * len(reports) or 1),
                "untouched": sum(report.status == "not attempted" for report in reports),
            }
        )
    page = _templates.get_template("summary.html").render(
        assignment=assignment,
        everybody=sorted(everybody, key=lambda one: -scores.get(one.learner.id, one.score)),
        scores=scores,
        bins=bins,
        mean=statistics.fmean(final),
        median=statistics.median(final),
        alike=alike,
        names={one.learner.id: one.learner.name for one in everybody},
        tasks=sorted(tasks, key=lambda task: task["share"]),
    )
    path = root / "summary.html"
    path.write_text(page, encoding="utf-8")
    return path

"""An assignment with other code in its solution cells: as released, and with the wrong and right answers beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from workshop.assignments import release, slicing
from workshop.assignments.cell_process import Cells
from workshop.assignments.running import Outcome
from workshop.assignments.source import Assignment, SourceTask

_SOLUTION = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION[ \t]*\n", re.MULTILINE)
_ROUNDING = 0.006


@dataclass(frozen=True)
class Variant:
    """What must come of some cells. ``points`` None: all; ``message`` must occur in what the checks tell.

    With ``at_most`` fewer points will do: what a mistake costs may be up to chance, that it costs something may not.
    """

    name: str
    points: float | None = None
    message: str = ""
    clean: bool = False
    at_most: bool = False

    def problem(self, outcome: Outcome) -> str:
        """In words how ``outcome`` differs from it; empty if it does not."""
        reports = outcome.reports.values()
        wanted = sum(report.points for report in reports) if self.points is None else self.points
        score = sum(report.score for report in reports)
        told = "; ".join(
            f"{report.task}, {item.what}: {item.message} {item.detail}" for report in reports for item in report.failing
        )
        found = []
        excess = score - wanted
        if excess > _ROUNDING or (excess < -_ROUNDING and not self.at_most):
            found.append(f"got {score:g}, not {'at most ' if self.at_most else ''}{wanted:g}. {told}")
        if self.message not in told:
            found.append(f"its message does not occur: {self.message}. The checks say: {told}")
        if self.clean:
            found += outcome.errors
        return " ".join(found)


def all_of(assignment: Assignment) -> Iterator[tuple[Variant, Cells]]:
    """The solution and the released notebook, each as a whole; then each mutant and each alternate."""
    yield Variant("solution", clean=True), whole(assignment, {})
    yield Variant("released", points=0), whole(assignment, release.stubs(assignment))
    for folder in ("mutants", "alternates"):
        for path in sorted(assignment.folder.glob(f"{folder}/t*.py")):
            text = path.read_text(encoding="utf-8")
            header = dict(re.findall(r"^# (points|message): *(.+)$", text, re.MULTILINE))
            stated = re.match(r"(at most )?([\d.]+)", header.get("points", ""))
            points = float(stated[2]) if stated and folder == "mutants" else None
            task = assignment.task(path.stem.partition("-")[0])
            at_most = stated is not None and stated[1] is not None
            variant = Variant(f"{folder}/{path.stem}", points, header.get("message", "").strip(), at_most=at_most)
            yield variant, for_task(assignment, task, {task.name: text})


def without_markers(solution: str) -> str:
    """A solution cell without the lines that mark where the answer begins and ends."""
    return _SOLUTION.sub("", solution + "\n").rstrip("\n")


def whole(assignment: Assignment, replaced: Mapping[str, str]) -> Cells:
    """All code cells, the hidden tests among them, with other code in the solution cells of ``replaced``."""
    sources, roles = _code(assignment, replaced)
    return Cells(sources, {number: task for number, (kind, task) in roles.items() if kind == "check"})


def for_task(
    assignment: Assignment, task: SourceTask, replaced: Mapping[str, str], folder: Path | None = None
) -> Cells:
    """The check of ``task`` with only what it needs of the cells before it."""
    sources, roles = _code(assignment, replaced)
    answer = next(number for number, role in roles.items() if role == ("solution", task))
    check = next(number for number, role in roles.items() if role == ("check", task))
    earlier = [number for number in range(check) if roles.get(number, ("", task))[0] != "check" and number != answer]
    kept = slicing.needed([sources[number] for number in earlier], [sources[answer], sources[check]])
    parts = sorted([*zip(earlier, kept, strict=True), (answer, sources[answer]), (check, sources[check])])
    chosen = [source for _, source in parts if source.strip()]
    return Cells(chosen, {len(chosen) - 1: task}, folder)


def _code(assignment: Assignment, replaced: Mapping[str, str]) -> tuple[list[str], dict[int, tuple[str, SourceTask]]]:
    """The code cells, and which of them are solutions and checks."""
    named = {task.name: task for task in assignment.tasks}
    sources: list[str] = []
    roles: dict[int, tuple[str, SourceTask]] = {}
    for cell in assignment.notebook.cells:
        if cell.cell_type != "code":
            continue
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        source = cell.source
        if (task := named.get(name)) is not None:
            roles[len(sources)] = "solution", task
            source = without_markers(replaced.get(name, cell.source))
        elif (task := named.get(name.removesuffix("-check"))) is not None:
            roles[len(sources)] = "check", task
            source = task.graded_source
        sources.append(source)
    return sources, roles

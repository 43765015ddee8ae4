"""An assignment as a model, from its source (``solutions/NN-stage/NN-stage.md``) or from a learner's notebook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import yaml

from workshop.assignments import slicing
from workshop.errors import WorkshopError

_HIDDEN = re.compile(r"^([ \t]*)### (BEGIN|END) HIDDEN TESTS[ \t]*$", re.MULTILINE)

_HEADING = re.compile(r"^#+ Task \d+[^:\n]*: *(.+)$", re.MULTILINE)


class AssignmentError(WorkshopError):
    """There is no such assignment, or its source contradicts itself."""


@dataclass(frozen=True)
class SourceTask:
    """One graded task; ``needs`` names tasks whose answers it builds on, ``title`` is what its heading says."""

    name: str
    points: float
    solution: str
    check: str
    needs: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    title: str = ""

    @property
    def graded_source(self) -> str:
        """The check cell with its hidden part, whose items say that they are hidden."""
        return _HIDDEN.sub(lambda found: f"{found[1]}task.hidden({found[2] == 'BEGIN'})", self.check)


@dataclass(frozen=True)
class Assignment:
    """``name`` is ``01-ingest``; ``notebook`` is the whole source, ``minutes`` the estimate."""

    name: str
    folder: Path
    notebook: nbformat.NotebookNode
    tasks: tuple[SourceTask, ...]
    minutes: int | None

    @property
    def points(self) -> float:
        return sum(task.points for task in self.tasks)

    @property
    def number(self) -> str:
        return self.name.partition("-")[0]

    @property
    def needs_kafka(self) -> bool:
        return any("kafka" in cell.source for cell in self.notebook.cells if cell.cell_type == "code")

    @property
    def needs_tensorflow(self) -> bool:
        """Its import takes seconds, so that those who prepare for the cells ask first."""
        words = ("keras", "tensorflow", "fraud_pipeline.train")
        return any(word in cell.source for cell in self.notebook.cells if cell.cell_type == "code" for word in words)

    def task(self, name: str) -> SourceTask:
        """The task ``name``. Raises ``AssignmentError``."""
        found = next((task for task in self.tasks if task.name == name), None)
        if found is None:
            here = ", ".join(task.name for task in self.tasks)
            raise AssignmentError(f"{self.name} has no task {name}.", hint=f"Its tasks: {here}")
        return found

    def problems(self) -> list[str]:
        """What is wrong with the source, for its authors."""
        found = [] if self.minutes else ["the front matter gives no workshop.minutes"]
        names = {task.name for task in self.tasks}
        for task in self.tasks:
            if not task.hints:
                found.append(f"{task.name} has no hints in hints.yml")
            if not _HIDDEN.search(task.check):
                found.append(f"{task.name} has no hidden tests")
            if "### BEGIN SOLUTION" not in task.solution:
                found.append(f"{task.name} marks no solution")
            stated = re.search(r"Task\(\s*\"(\w+)\",\s*points=([\d.]+)", task.check)
            if stated is None or (stated[1], float(stated[2])) != (task.name, task.points):
                found.append(f'{task.name}: the check must say Task("{task.name}", points={task.points:g})')
            found += [f"{task.name} needs {one}, which is no task" for one in task.needs if one not in names]
        return found + self._name_problems()

    def _name_problems(self) -> list[str]:
        """Names that check cells and the learner's cells would take from one another by accident."""
        checks = {f"{task.name}-check" for task in self.tasks}
        cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        learners = [
            slicing.names_of(cell.source)
            for cell in cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") not in checks
        ]
        given = {name for cell in learners for name in cell.defines}
        answers = {name for task in self.tasks for name in slicing.names_of(task.solution).defines}
        found = []
        for task in self.tasks:
            check = slicing.names_of(task.check)
            # When graded, such a name would be asked of the learner's process, which may say anything.
            strange = sorted(check.free - given)
            found += [f"{task.name}: the check uses {name} without an import of its own" for name in strange]
            # In a notebook, the check would put its own in the place of the learner's.
            clashing = sorted((check.defines | check.imports) & answers)
            found += [f"{task.name}: the check puts its own {name} in the place of the answer's" for name in clashing]
        return found


def folders(root: Path) -> list[Path]:
    """The folders of assignments below ``root``, in their order."""
    return sorted(path for path in root.glob("[0-9][0-9]-*") if path.is_dir())


def find(number: str, root: Path) -> Path:
    """The folder below ``root`` that ``1``, ``01`` or ``01-ingest`` names. Raises ``AssignmentError``."""
    wanted = number.zfill(2)
    for folder in folders(root):
        if wanted in (folder.name, folder.name.partition("-")[0]):
            return folder
    here = ", ".join(folder.name for folder in folders(root)) or "none"
    raise AssignmentError(f"There is no assignment {number} in {root}.", hint=f"Assignments here: {here}")


def read(folder: Path) -> Assignment:
    """The assignment whose source is in ``folder``. Raises ``AssignmentError``."""
    path = folder / f"{folder.name}.md"
    try:
        return _model(jupytext.read(path), path)
    except FileNotFoundError:
        raise AssignmentError(f"{path} is missing.") from None


def read_exercise(folder: Path) -> Assignment:
    """The learner's notebook in ``folder``. Raises ``AssignmentError``."""
    path = folder / f"{folder.name}.ipynb"
    try:
        return _model(nbformat.read(path, as_version=4), path)
    except FileNotFoundError:
        raise AssignmentError(f"{path} is missing.", hint=f"Fetch it anew: git checkout -- {path}") from None
    except (nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise AssignmentError(
            f"{path} cannot be read: {error}", hint=f"Keep a copy of it, then fetch it anew: git checkout -- {path}"
        ) from error


def _model(notebook: nbformat.NotebookNode, path: Path) -> Assignment:
    cells: dict[str, Any] = {}
    titles: dict[str, str] = {}
    title = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            title = next((found[1] for found in _HEADING.finditer(cell.source)), title)
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in cells:
            raise AssignmentError(f"{path}: two cells have the grade_id {name}.", hint="Delete one of them.")
        if name is not None:
            cells[name] = cell
            titles[name] = title
    hints = path.parent / "hints.yml"
    tiers = yaml.safe_load(hints.read_text(encoding="utf-8")) if hints.is_file() else {}
    tasks = []
    for name, cell in cells.items():
        if not cell.metadata.nbgrader.get("solution"):
            continue
        check = cells.get(f"{name}-check")
        if check is None:
            raise AssignmentError(f"{path}: {name} has no check cell {name}-check.")
        needs = tuple(cell.metadata.get("workshop", {}).get("needs", ()))
        points = float(check.metadata.nbgrader.get("points", 0))
        tasks.append(
            SourceTask(name, points, cell.source, check.source, needs, tuple(tiers.get(name, ())), titles[name])
        )
    minutes = notebook.metadata.get("workshop", {}).get("minutes")
    return Assignment(path.stem, path.parent, notebook, tuple(tasks), minutes)

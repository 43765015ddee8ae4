"""The notebook for learners: the source without solutions and hidden tests, by nbgrader's own preprocessors."""

from __future__ import annotations

import copy
import hashlib
from pathlib import Path

import nbformat
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from traitlets.config import Config

from workshop.assignments.source import Assignment

_STUB = Config({"ClearSolutions": {"code_stub": {"python": "raise NotImplementedError"}}})
_STEPS = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ClearHiddenTests, ComputeChecksums)


def notebook_of(assignment: Assignment) -> nbformat.NotebookNode:
    """The notebook; the same source always gives the same."""
    notebook = copy.deepcopy(assignment.notebook)
    notebook.metadata.pop("jupytext", None)
    for number, cell in enumerate(notebook.cells):
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or f"{assignment.name}:{number}"
        cell["id"] = hashlib.sha256(name.encode()).hexdigest()[:12]
    for step in _STEPS:
        notebook, _ = step(config=_STUB).preprocess(notebook, {})
    return notebook


def released(assignment: Assignment) -> str:
    """The notebook as the text of its file."""
    return nbformat.writes(notebook_of(assignment)) + "\n"


def stubs(assignment: Assignment) -> dict[str, str]:
    """What learners find in the solution cells, by task."""
    names = {task.name for task in assignment.tasks}
    ids = ((cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source) for cell in notebook_of(assignment).cells)
    return {name: source for name, source in ids if name in names}


def release_files(assignment: Assignment) -> dict[Path, str]:
    """What belongs into ``exercises/``, by its path there."""
    files = {Path(assignment.name, f"{assignment.name}.ipynb"): released(assignment)}
    hints = assignment.folder / "hints.yml"
    if hints.is_file():
        files[Path(assignment.name, hints.name)] = hints.read_text(encoding="utf-8")
    return files

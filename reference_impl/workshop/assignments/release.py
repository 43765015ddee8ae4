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


def released(assignment: Assignment) -> str:
    """The notebook's text; the same source always gives the same."""
    notebook = copy.deepcopy(assignment.notebook)
    notebook.metadata.pop("jupytext", None)
    for number, cell in enumerate(notebook.cells):
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or f"{assignment.name}:{number}"
        cell["id"] = hashlib.sha256(name.encode()).hexdigest()[:12]
    for step in _STEPS:
        notebook, _ = step(config=_STUB).preprocess(notebook, {})
    return nbformat.writes(notebook) + "\n"


def release_files(assignment: Assignment) -> dict[Path, str]:
    """What belongs into ``exercises/``, by its path there."""
    files = {Path(assignment.name, f"{assignment.name}.ipynb"): released(assignment)}
    hints = assignment.folder / "hints.yml"
    if hints.is_file():
        files[Path(assignment.name, hints.name)] = hints.read_text(encoding="utf-8")
    return files

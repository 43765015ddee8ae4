"""A learner's notebook, put back into the order and the cells of its source: whatever is damaged is said, not fatal."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workshop.assignments.source import Assignment

_LONGEST_ANSWER = 500_000
"""Characters; to parse millions takes half a minute."""

_MOST_CELLS = 2_000


@dataclass(frozen=True)
class Repaired:
    """``cells`` holds the learner's cells and the source's check cells, in order; ``notes`` what had to be done."""

    cells: tuple[NotebookNode, ...]
    notes: tuple[str, ...]

    def answer(self, task: str) -> str:
        """The learner's code for a task."""
        return next((cell.source for cell in self.cells if grade_id(cell) == task), "")


def grade_id(cell: Mapping[str, Any]) -> str:
    """The name that nbgrader knows the cell by, or an empty text."""
    try:
        return str(cell["metadata"]["nbgrader"]["grade_id"])
    except (KeyError, TypeError):
        return ""


def repair(content: bytes | None, assignment: Assignment, released: NotebookNode) -> Repaired:
    """The submission's cells with the checks of the source; a notebook that cannot be read counts as not begun."""
    notes: list[str] = []
    given = _read(content, notes)
    stubs = {grade_id(cell): cell for cell in released.cells if grade_id(cell)}
    checks = {grade_id(cell): cell for cell in assignment.notebook.cells if grade_id(cell)}
    tasks = [task.name for task in assignment.tasks]
    answers = {name: _answer(name, given, stubs[name], notes) for name in tasks}
    cells: list[NotebookNode] = []
    placed: set[str] = set()

    def place(name: str) -> None:
        stub = stubs[name]
        answer = answers[name]
        cells.append(_like(stub, stub.source if answer is None else given[answer]["source"]))
        cells.append(_like(checks[f"{name}-check"], checks[f"{name}-check"].source))
        placed.add(name)

    chosen = {number: name for name, number in answers.items() if number is not None}
    for number, cell in enumerate(given):
        if number in chosen:
            place(chosen[number])
        elif not grade_id(cell) or (grade_id(cell) not in checks and cell["cell_type"] == "markdown"):
            make = new_code_cell if cell["cell_type"] == "code" else new_markdown_cell
            cells.append(make(cell["source"]))
        elif grade_id(cell) not in stubs:
            cells.append(new_code_cell(cell["source"]))
    _note_checks(given, stubs, tasks, notes)
    for name in tasks:
        if name not in placed:
            place(name)
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return Repaired(tuple(cells), tuple(notes))


def as_notebook(cells: Sequence[NotebookNode], source: NotebookNode) -> NotebookNode:
    """``cells`` as a notebook with the source's kernel."""
    kernel = {"kernelspec": source.metadata.get("kernelspec", {}), "language_info": {"name": "python"}}
    return nbformat.from_dict(new_notebook(cells=list(cells), metadata=kernel))


def _read(content: bytes | None, notes: list[str]) -> list[dict[str, Any]]:
    """Cells as type, source and metadata, whatever else is in the file."""
    if content is None:
        notes.append("there is no notebook")
        return []
    try:
        raw = json.loads(content)
        cells = raw["cells"] if "cells" in raw else [cell for sheet in raw["worksheets"] for cell in sheet["cells"]]
        if not isinstance(cells, list):
            raise TypeError("its cells are no list")
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        notes.append(f"the notebook cannot be read: {error}")
        return []
    if len(cells) > _MOST_CELLS:
        notes.append(f"the notebook has {len(cells)} cells, of which the first {_MOST_CELLS} were read")
    found = []
    left_out = 0
    for cell in cells[:_MOST_CELLS]:
        source = cell.get("source", cell.get("input", "")) if isinstance(cell, dict) else None
        text = "".join(map(str, source)) if isinstance(source, list) else source
        if not isinstance(text, str):
            left_out += 1
            continue
        text = text.encode("utf-8", "replace").decode()  # JSON lets half a character through, files do not
        kind = "code" if cell.get("cell_type") == "code" else "markdown"
        found.append({"cell_type": kind, "source": text, "metadata": cell.get("metadata")})
    if left_out:
        notes.append(f"cells without text were left out: {left_out}")
    return found


def _answer(name: str, given: list[dict[str, Any]], stub: NotebookNode, notes: list[str]) -> int | None:
    """The number of the cell that answers the task, or None."""
    named = [number for number, cell in enumerate(given) if grade_id(cell) == name]
    worked = [number for number in named if given[number]["source"].strip() != stub.source.strip()]
    wanted = _defined(stub.source)
    if named:
        chosen = next(
            (one for one in reversed(worked) if wanted <= _defined(given[one]["source"])), (worked or named)[-1]
        )
        # Jupyter's "split cell" gives both halves the same name. Run one after the other, the last definition stands.
        whole = "\n\n".join(given[one]["source"] for one in worked)
        together = len(worked) > 1 and wanted <= _defined(whole)
        if together:
            chosen = worked[-1]
            given[chosen] = {**given[chosen], "source": whole}
        if len(named) > 1:
            which = "all that was worked on counts, in its order" if together else "the last that was worked on counts"
            notes.append(f"{name} is there {len(named)} times; {which}")
        if given[chosen]["cell_type"] != "code":
            notes.append(f"{name} had become text, and is code again")
        return chosen
    alike = [
        number
        for number, cell in enumerate(given)
        if cell["cell_type"] == "code" and not grade_id(cell) and wanted and wanted <= _defined(cell["source"])
    ]
    if alike:
        notes.append(f"{name} was retyped in a cell of its own, which counts")
        return alike[-1]
    notes.append(f"{name} is missing, and counts as not begun")
    return None


def _note_checks(
    given: list[dict[str, Any]], stubs: Mapping[str, NotebookNode], tasks: Sequence[str], notes: list[str]
) -> None:
    for name in (f"{task}-check" for task in tasks):
        sources = [cell["source"].strip() for cell in given if grade_id(cell) == name]
        if not sources:
            notes.append(f"{name} was deleted, and is there again")
        elif any(source != stubs[name].source.strip() for source in sources):
            notes.append(f"{name} was changed, and is as it was")
        elif len(sources) > 1:
            notes.append(f"{name} was there {len(sources)} times, and is there once")


def _defined(source: str) -> set[str]:
    """The names that a cell defines at its top; of a text that is too long for an answer, none."""
    if len(source) > _LONGEST_ANSWER:
        return set()
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    found = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def _like(model: NotebookNode, source: str) -> NotebookNode:
    return new_code_cell(source, metadata={"nbgrader": dict(model.metadata["nbgrader"])})

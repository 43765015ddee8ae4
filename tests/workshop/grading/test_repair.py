"""Damaged notebooks: put in order, and said."""

from __future__ import annotations

import copy
import json

import nbformat
import pytest

from tests.workshop.grading.assignment import ANSWERS, submission
from workshop.assignments import release
from workshop.assignments.source import Assignment
from workshop.grading.repair import Repaired, grade_id, repair


def _repair(content: nbformat.NotebookNode | bytes, assignment: Assignment) -> Repaired:
    raw = content if isinstance(content, bytes) else nbformat.writes(content).encode()
    return repair(raw, assignment, release.notebook_of(assignment))


def _ids(repaired: Repaired) -> list[str]:
    return [grade_id(cell) for cell in repaired.cells if grade_id(cell)]


def test_a_whole_notebook_is_left_alone(assignment: Assignment) -> None:
    repaired = _repair(submission(assignment, ANSWERS), assignment)

    assert repaired.notes == ()
    assert repaired.answer("t1") == ANSWERS["t1"]


def test_changed_deleted_and_doubled_cells_are_put_right(assignment: Assignment) -> None:
    notebook = submission(assignment, ANSWERS)
    cells = {grade_id(cell): cell for cell in notebook.cells if grade_id(cell)}
    cells["t1-check"].source = "4"
    notebook.cells.remove(cells["t2-check"])
    notebook.cells.insert(0, cells["t2"])
    notebook.cells.reverse()

    repaired = _repair(notebook, assignment)

    assert sorted(_ids(repaired)) == ["t1", "t1-check", "t2", "t2-check"]
    assert len(repaired.notes) == 3
    assert all(cell.source != "4" for cell in repaired.cells)


def test_an_answer_retyped_in_another_cell_counts(assignment: Assignment) -> None:
    notebook = submission(assignment, ANSWERS)
    for cell in notebook.cells:
        if grade_id(cell) == "t1":
            del cell.metadata["nbgrader"]

    repaired = _repair(notebook, assignment)

    assert repaired.answer("t1") == ANSWERS["t1"]


def test_an_answer_that_was_split_into_two_cells_counts_as_a_whole(assignment: Assignment) -> None:
    notebook = submission(assignment, ANSWERS)
    place = next(number for number, cell in enumerate(notebook.cells) if grade_id(cell) == "t1")
    for number, source in enumerate(
        ("def double(value):\n    return twice(value)", "def twice(value):\n    return 2 * value")
    ):
        half = copy.deepcopy(notebook.cells[place])
        half.id, half.source = f"half-{number}", source
        notebook.cells.insert(place + 1 + number, half)
    del notebook.cells[place]

    repaired = _repair(notebook, assignment)

    assert "twice(value)" in repaired.answer("t1")
    assert "2 * value" in repaired.answer("t1")
    assert repaired.notes == ("t1 is there 2 times; all that was worked on counts, in its order",)


def test_of_several_answers_the_last_that_can_be_read_counts(assignment: Assignment) -> None:
    notebook = submission(assignment, ANSWERS)
    place = next(number for number, cell in enumerate(notebook.cells) if grade_id(cell) == "t1")
    trial = copy.deepcopy(notebook.cells[place])
    trial.id, trial.source = "trial", "%time double(2)"
    notebook.cells.insert(place + 1, trial)

    assert _repair(notebook, assignment).answer("t1") == ANSWERS["t1"]


def test_a_notebook_of_the_third_format_is_read_with_all_its_sheets(assignment: Assignment) -> None:
    cells = submission(assignment, ANSWERS).cells
    sheets = [{"cells": [{**cell, "input": cell.source} for cell in part]} for part in (cells[:3], cells[3:])]

    repaired = _repair(json.dumps({"nbformat": 3, "worksheets": sheets}).encode(), assignment)

    assert [repaired.answer(name) for name in ANSWERS] == list(ANSWERS.values())


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"cells": 3}', b'{"cells": [1, null, {"source": 3}]}', b"[" * 99_999]
)
def test_what_is_no_notebook_counts_as_not_begun(content: bytes, assignment: Assignment) -> None:
    repaired = _repair(content, assignment)

    assert _ids(repaired) == ["t1", "t1-check", "t2", "t2-check"]
    assert repaired.notes


def test_very_many_cells_are_told_in_one_note_each(assignment: Assignment) -> None:
    cells = [*[{"cell_type": "code"}] * 5, *[{"source": None}] * 3_000]

    notes = _repair(json.dumps({"cells": cells}).encode(), assignment).notes

    assert "the notebook has 3005 cells, of which the first 2000 were read" in notes
    assert "cells without text were left out: 1995" in notes


def test_a_cell_of_millions_of_lines_is_not_taken_for_an_answer(assignment: Assignment) -> None:
    name = ANSWERS["t1"].split("def ", 1)[1].split("(", 1)[0]
    endless = f"def {name}(): ...\n" + "1\n" * 300_000
    cells = [{"cell_type": "code", "source": endless, "metadata": {}}]

    assert _repair(json.dumps({"cells": cells}).encode(), assignment).answer("t1") != endless

"""A batch from a folder to the gradebook, and going on where it was."""

from __future__ import annotations

import csv
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.workshop.grading.assignment import ANSWERS, SECRET, submission
from workshop.assignments.source import Assignment
from workshop.grading import batch
from workshop.grading.batch import GradingError, Options


def test_a_class_is_graded_once_and_grading_by_hand_stays(
    sandboxes: None, assignment: Assignment, tmp_path: Path
) -> None:
    given, out = tmp_path / "given", tmp_path / "out"
    given.mkdir()
    nbformat.write(submission(assignment, ANSWERS), given / "ada_1_2_99-tiny.ipynb")
    nbformat.write(submission(assignment, {"t1": ANSWERS["t1"]}), given / "=bob.ipynb")
    (given / "eve.ipynb").write_text("{")

    first = batch.run(assignment, given, Options(out), lambda *progress: None)

    assert first.scores == {"ada_1": 8, "bob": 4, "eve": 0}
    assert first.fresh == 3
    with Gradebook(f"sqlite:///{out / 'gradebook.db'}", "workshop") as book:
        book.find_grade("t2-check", "99-tiny", "99-tiny", "bob").manual_score = 3
        book.db.commit()
    again = batch.run(assignment, given, Options(out), lambda *progress: None)
    assert again.fresh == 0
    assert again.scores == {"ada_1": 8, "bob": 7, "eve": 0}
    rows = list(csv.DictReader((out / "grades.csv").open()))
    assert [(row["id"], row["name"], float(row["score"])) for row in rows][1] == ("bob", "'=bob", 7)
    pages = list((out / "feedback").rglob("*.html"))
    assert len(pages) == 3
    assert all(SECRET not in page.read_text() and "Look at many" not in page.read_text() for page in pages)


def test_without_a_sandbox_nothing_is_graded(
    assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workshop.grading.sandbox.why_unavailable", lambda: "not here")

    with pytest.raises(GradingError, match="not here"):
        batch.run(assignment, tmp_path, Options(tmp_path / "out"), lambda *progress: None)

    assert not (tmp_path / "out").exists()

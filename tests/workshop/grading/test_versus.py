"""Our grader beside nbgrader's own, on the same submissions."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.workshop.grading.assignment import ANSWERS, submission
from workshop.assignments.source import Assignment
from workshop.grading import versus
from workshop.grading.batch import Options


@pytest.mark.slow
def test_both_graders_give_honest_submissions_the_same_points(
    sandboxes: None, assignment: Assignment, tmp_path: Path
) -> None:
    given, out = tmp_path / "given", tmp_path / "out"
    given.mkdir()
    nbformat.write(submission(assignment, ANSWERS), given / "ada.ipynb")
    nbformat.write(submission(assignment, {"t1": ANSWERS["t1"]}), given / "bob.ipynb")

    found = versus.compare(assignment, given, Options(out))

    assert found.ours.scores == {"ada": 8, "bob": 4}
    assert found.differing == {}
    assert found.peer.seconds > 0
    assert found.ours.memory_mb > 0
    assert not out.exists()

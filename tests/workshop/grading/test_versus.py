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

    told: list[str] = []
    found = versus.compare(assignment, given, Options(out), told.append)

    assert found.ours.scores == found.peer.scores == {"ada": 8, "bob": 4}
    assert found.differing == {}
    assert found.ungraded == ()
    for side in (found.peer, found.ours):
        assert 0 < side.starting < side.seconds
        assert side.memory_mb > 0
        assert any(line.startswith(f"{side.name}: 2 of 2") for line in told)
    assert not out.exists()


@pytest.mark.slow
def test_nbgrader_gets_a_sample_and_an_endless_cell_holds_up_neither(
    sandboxes: None, assignment: Assignment, tmp_path: Path
) -> None:
    given = tmp_path / "given"
    given.mkdir()
    for number in range(4):
        nbformat.write(submission(assignment, ANSWERS), given / f"learner{number}.ipynb")
    endless = {**ANSWERS, "t2": "def square(value):\n    while True:\n        pass"}
    nbformat.write(submission(assignment, endless), given / "learner0.ipynb")

    found = versus.compare(assignment, given, Options(tmp_path / "out", timeout=5), sample=2)

    assert found.peer.scores == {"learner0": 4, "learner2": 8}
    assert found.ours.scores == {"learner0": 4, "learner1": 8, "learner2": 8, "learner3": 8}

"""The commands for authors and learners, on a tiny assignment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

TINY = Path(__file__).with_name("00-tiny")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the kit with one assignment, built."""
    shutil.copytree(TINY, tmp_path / "solutions" / TINY.name)
    assert workshop(tmp_path, "build-exercises").returncode == 0
    return tmp_path


def workshop(folder: Path, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in ``folder`` as a process of its own: it forks, which a test session with Kafka must not."""
    code = f"import sys; sys.argv = ['workshop', *{list(arguments)!r}]; from workshop.cli.main import main; main()"
    environment = {**os.environ, "WORKSHOP_HOME": str(folder / ".workshop")}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=folder, env=environment, input=answer, capture_output=True, text=True, check=False
    )


def answer(folder: Path, text: str) -> None:
    """Write an answer into the learner's notebook."""
    path = folder / "exercises" / TINY.name / f"{TINY.name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "t1")
    cell.source = text
    nbformat.write(notebook, path)


def test_the_released_notebook_holds_neither_answers_nor_hidden_tests(folder: Path) -> None:
    text = (folder / "exercises" / TINY.name / f"{TINY.name}.ipynb").read_text()
    assert "raise NotImplementedError" in text
    assert "fsum(amounts)" not in text
    assert "no amounts at all" not in text
    assert workshop(folder, "find-leaks", "exercises").returncode == 0


def test_leaks_are_found_in_pages_too(folder: Path) -> None:
    page = folder / "exercises" / "page.html"
    page.write_text(
        "<pre><span>return</span> fsum<b>(amounts)</b>  # exact, unlike sum()</pre> &quot;no amounts at all&quot;"
    )
    found = workshop(folder, "find-leaks", "exercises")
    assert found.returncode == 1
    assert "solution: returnfsum(amounts)" in found.stdout


def test_building_again_changes_nothing_and_an_edit_is_told(folder: Path) -> None:
    assert workshop(folder, "build-exercises", "--check").returncode == 0
    answer(folder, "def total(amounts): ...")
    stale = workshop(folder, "build-exercises", "--check")
    assert stale.returncode == 1
    assert "raise NotImplementedError" in stale.stdout


def test_an_assignment_is_tried_with_right_and_wrong_answers(folder: Path) -> None:
    tried = workshop(folder, "test-assignment", "0", "--json")
    assert set(json.loads(tried.stdout)) == {
        "solution",
        "released",
        "mutants/t1-first-missing",
        "mutants/t1-ends",
        "alternates/t1-loop",
    }
    assert tried.returncode == 0, tried.stdout


def test_a_mutant_with_other_points_is_told(folder: Path) -> None:
    mutant = folder / "solutions" / TINY.name / "mutants" / "t1-first-missing.py"
    mutant.write_text(mutant.read_text().replace("points: 1", "points: 0"))
    tried = workshop(folder, "test-assignment", "0", "--only", "first-missing")
    assert tried.returncode == 1
    assert "got 1, not 0" in tried.stdout


def test_a_learner_checks_asks_and_sees_progress(folder: Path) -> None:
    (first,) = json.loads(workshop(folder, "check", "0", "--json").stdout)
    assert first["status"] == "not attempted"

    answer(folder, "def total(amounts):\n    return 1")
    wrong = workshop(folder, "check", "00", "--task", "t1")
    assert wrong.returncode == 1
    assert "Add them all." in wrong.stdout

    assert "Hint 2" not in workshop(folder, "hint", "0", "t1").stdout
    assert "There is a function for it." in workshop(folder, "hint", "0", "t1").stdout

    answer(folder, "def total(amounts):\n    return sum(amounts)")
    assert workshop(folder, "check", "00-tiny").returncode == 0
    (line,) = json.loads(workshop(folder, "progress", "--json").stdout)
    assert (line["correct"], line["points"], line["minutes"]) == (1, 2, 5)


def test_where_code_never_ends_is_told(folder: Path) -> None:
    endless = "def ones():\n    while True:\n        yield 1"
    answer(folder, f"{endless}\n\n\ndef total(amounts):\n    for one in ones():\n        continue")

    told = workshop(folder, "check", "0", "--timeout", "5")

    assert told.returncode == 1
    assert "was still running after 5 s, at the line `" in told.stdout
    line = told.stdout.partition("at the line `")[2].partition("`")[0]
    assert line in {"for one in ones():", "continue", "while True:", "yield 1"}


def test_the_solution_is_shown_only_when_asked_for(folder: Path) -> None:
    assert "fsum" not in workshop(folder, "solution", "0", answer="n\n").stdout
    assert "fsum(amounts)" in workshop(folder, "solution", "0", "t1", answer="y\n").stdout


def test_what_does_not_exist_is_told_with_what_does(folder: Path) -> None:
    for arguments, told in ((("check", "9"), "00-tiny"), (("hint", "0", "t7"), "t1")):
        outcome = workshop(folder, *arguments)
        assert outcome.returncode == 1
        assert told in outcome.stderr

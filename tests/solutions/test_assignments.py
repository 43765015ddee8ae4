"""Every assignment: its solution gets all points, the released notebook none, wrong answers what they must get."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from workshop.assignments import leaks, release, source

FOLDERS = source.folders(REPOSITORY / "solutions")
EACH = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


@EACH
@pytest.mark.slow
def test_right_and_wrong_answers_get_what_they_must(folder: Path) -> None:
    # A process of its own: it forks, which this one must not after it has used Kafka.
    code = "import sys; from workshop.cli.main import main; sys.argv[0] = 'workshop'; main()"
    # Three at a time: most of them wait for Kafka, most of the time.
    command = [sys.executable, "-c", code, "test-assignment", folder.name, "--jobs", "3", "--json"]
    tried = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert tried.stdout, tried.stderr
    problems = json.loads(tried.stdout)
    assert {"solution", "released"} < set(problems)
    wrong = [f"{name}: {problem}" for name, problem in problems.items() if problem]
    assert not wrong, "\n".join(wrong)


@EACH
def test_the_source_is_complete(folder: Path) -> None:
    assignment = source.read(folder)
    assert assignment.problems() == []
    alternates = [path.stem.partition("-")[0] for path in folder.glob("alternates/t*.py")]
    assert {task.name for task in assignment.tasks if alternates.count(task.name) < 2} == set()
    assert len(list(folder.glob("mutants/t*.py"))) >= 6


@EACH
def test_the_exercise_is_what_the_source_makes(folder: Path) -> None:
    for relative, text in release.release_files(source.read(folder)).items():
        path = REPOSITORY / "exercises" / relative
        assert path.read_text(encoding="utf-8") == text, f"{path} is stale: make exercises"


def test_exercises_hold_neither_answers_nor_hidden_tests() -> None:
    assignments = [source.read(folder) for folder in FOLDERS]
    assert list(leaks.find(REPOSITORY / "exercises", assignments)) == []

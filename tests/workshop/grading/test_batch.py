"""A batch from a folder to the gradebook, and going on where it was."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook

from tests.workshop.grading import assignment as tiny
from tests.workshop.grading.assignment import ANSWERS, SECRET, submission
from workshop.assignments import source
from workshop.assignments.source import Assignment
from workshop.grading import batch
from workshop.grading.batch import Options
from workshop.grading.engines import GradingError


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
        assert {(one.first_name, one.last_name) for one in book.students} == {("", "ada"), ("", "=bob"), ("", "eve")}
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
    monkeypatch.setattr("workshop.grading.containers.why_unavailable", lambda: "nor so")

    with pytest.raises(GradingError, match="not here; nor so"):
        batch.run(assignment, tmp_path, Options(tmp_path / "out"), lambda *progress: None)

    assert not (tmp_path / "out").exists()


def test_where_no_kafka_starts_the_batch_ends_and_nobody_gets_no_points_for_it(
    sandboxes: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny.make(tmp_path / "solutions").folder
    text = folder / f"{folder.name}.md"
    text.write_text(text.read_text().replace("task.score()", "task.score()  # task.kafka()"))
    needing_kafka = source.read(folder)
    given, out = tmp_path / "given", tmp_path / "out"
    given.mkdir()
    nbformat.write(submission(needing_kafka, ANSWERS), given / "ada.ipynb")
    monkeypatch.setenv("WORKSHOP_CACHE", str(tmp_path / "empty"))
    monkeypatch.setattr("workshop.grading.broker.prepare", lambda: None)

    with pytest.raises(GradingError, match=r"ada could not be graded.*did not start"):
        batch.run(needing_kafka, given, Options(out), lambda *progress: None)

    assert list(out.glob("results/*.json")) == []


def test_text_that_no_file_can_hold_ends_no_batch(sandboxes: None, assignment: Assignment, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    half = "\ud800"
    answer = f"print('{half}')\ndef double(value):\n    raise ValueError(value, '\\ud800')"
    notebook = submission(assignment, {**ANSWERS, "t1": answer})
    (given / "eve.ipynb").write_bytes(json.dumps(notebook).encode())  # JSON can write half a character
    with contextlib.suppress(OSError):  # not every file system takes such a name
        nbformat.write(submission(assignment, ANSWERS), os.fsdecode(os.fsencode(given) + b"/ad\xff.ipynb"))

    done = batch.run(assignment, given, Options(tmp_path / "out"), lambda *progress: None)

    assert done.scores["eve"] == 4
    assert sorted(done.scores.values()) == [4, 8][: len(done.scores)]
    assert len(list((tmp_path / "out" / "feedback").rglob("*.html"))) == len(done.scores)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
@pytest.mark.slow
def test_a_batch_that_was_ended_goes_on_where_it_was(
    how: signal.Signals, sandboxes: None, assignment: Assignment, tmp_path: Path
) -> None:
    given, out, most = tmp_path / "given", tmp_path / "out", 8
    given.mkdir()
    for number in range(most):
        nbformat.write(submission(assignment, ANSWERS), given / f"learner{number}.ipynb")
    solutions = str(assignment.folder.parent)
    command = [sys.executable, "-c", "from workshop.cli.main import main; main()", "grade", "99"]
    command += ["--submissions", str(given), "--out", str(out), "--solutions", solutions, "--jobs", "1"]

    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr is not None
        next(line for line in process.stderr if line.startswith("2 of"))
        started = psutil.Process(process.pid).children(recursive=True)
        os.kill(process.pid, how)
        process.stderr.read()
    _, alive = psutil.wait_procs(started, timeout=60)
    kept = len(list((out / "results").glob("*.json")))
    again = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)

    assert alive == []
    assert 2 <= kept < most
    done = json.loads(again.stdout)
    assert done["graded_now"] == most - kept
    assert set(done["scores"].values()) == {8}

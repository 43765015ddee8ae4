"""The same submissions through ``nbgrader autograde`` and through our grader, one after the other: time and memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from workshop import places
from workshop.assignments import release
from workshop.assignments.source import Assignment
from workshop.errors import WorkshopError
from workshop.grading import batch, intake, repair
from workshop.grading.batch import Options
from workshop.grading.gradebook import Book
from workshop.stack import FREE_PORTS, EmbeddedStack

_SAMPLES_EVERY = 0.5
_MB = 2**20


@dataclass(frozen=True)
class Side:
    """One grader's run. ``seconds`` is the whole run, its start included; ``memory_mb`` the most that its processes
    held at a time, pages that several share counted once."""

    name: str
    seconds: float
    memory_mb: int
    scores: dict[str, float]

    @property
    def seconds_each(self) -> float:
        return self.seconds / len(self.scores)


@dataclass(frozen=True)
class Comparison:
    """Both runs, on the same submissions."""

    peer: Side
    ours: Side

    @property
    def ratio(self) -> float:
        """How many times faster ours is."""
        return self.peer.seconds / self.ours.seconds

    @property
    def differing(self) -> dict[str, tuple[float, float]]:
        """Learners to whom the two give other points: nbgrader's and ours."""
        pairs = {one: (self.peer.scores.get(one, 0.0), points) for one, points in self.ours.scores.items()}
        return {one: pair for one, pair in pairs.items() if abs(pair[0] - pair[1]) > 0.006}


def compare(
    assignment: Assignment, submissions: Path, options: Options, report: Callable[[str], None] = lambda line: None
) -> Comparison:
    """Grade all of ``submissions`` twice, each time from nothing, in folders that are removed afterwards.

    nbgrader gets the notebooks repaired, since a damaged one would end its run, and where the assignment needs Kafka
    one that is up before its time begins. Raises ``WorkshopError`` where one of the two cannot grade.
    """
    found = intake.find(submissions)
    with tempfile.TemporaryDirectory(prefix="workshop-versus-") as folder:
        root = Path(folder)
        report(f"nbgrader autograde: {len(found)} submissions")
        platform = _kafka(root / "home") if assignment.needs_kafka else nullcontext()
        with platform:
            peer = _nbgrader(assignment, found, root / "nbgrader", root / "home")
        report(f"workshop grade: {len(found)} submissions")
        with _peak(os.getpid()) as peak:
            done = batch.run(assignment, submissions, replace(options, out=root / "ours"), lambda *progress: None)
        ours = Side(f"workshop grade --jobs {options.jobs}", done.seconds, peak[0] // _MB, done.scores)
    return Comparison(peer, ours)


def _nbgrader(assignment: Assignment, found: list[intake.Found], root: Path, home: Path) -> Side:
    root.mkdir()
    released = release.notebook_of(assignment)
    known = {repair.grade_id(cell) for cell in released.cells} - {""}
    book = Book(root, assignment)
    book.prepare()
    for one in found:
        best = one.best(known)
        book.hand_in(one.learner.id, repair.repair(best.content if best else None, assignment, released), released)
    command = [sys.executable, "-m", "nbgrader", "autograde", assignment.name, "--ExecutePreprocessor.timeout=600"]
    environment = {**os.environ, "WORKSHOP_HOME": str(home)}
    began = time.monotonic()
    with (root / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log)
        with _peak(process.pid) as peak:
            process.wait()
    seconds = time.monotonic() - began
    scores = book.scores()
    if len(scores) < len(found):
        said = (root / "log").read_text(encoding="utf-8", errors="replace")
        raise WorkshopError(f"nbgrader has graded {len(scores)} of {len(found)} submissions:\n{said[-1500:]}")
    return Side("nbgrader autograde", seconds, peak[0] // _MB, scores)


@contextmanager
def _kafka(home: Path) -> Iterator[None]:
    stack = EmbeddedStack(home, places.cache(), ksql=False, preferred=FREE_PORTS)
    try:
        stack.up(lambda line: None)
        yield
    finally:
        stack.down(lambda line: None)


@contextmanager
def _peak(pid: int) -> Iterator[list[int]]:
    """The most bytes that the process and its descendants have held, as the only item of a list."""
    most, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(_SAMPLES_EVERY):
            most[0] = max(most[0], _held(pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


def _held(pid: int) -> int:
    total = 0
    try:
        processes = [root := psutil.Process(pid), *root.children(recursive=True)]
    except psutil.Error:
        return 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except (psutil.Error, AttributeError):
            continue  # it has ended, or is another user's
    return total

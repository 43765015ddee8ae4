"""The same submissions through ``nbgrader autograde`` and through our grader, one after the other: time and memory."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from workshop import places
from workshop.assignments import release
from workshop.assignments.source import Assignment
from workshop.errors import WorkshopError
from workshop.grading import intake, repair
from workshop.grading.batch import Options
from workshop.grading.gradebook import Book
from workshop.grading.intake import Found
from workshop.grading.watching import Watched, watched
from workshop.stack import FREE_PORTS, EmbeddedStack

_COMMAND = "from workshop.cli.main import main; main()"

Report = Callable[[str], None]


@dataclass(frozen=True)
class Side:
    """One grader's run over the submissions of ``scores``. ``memory_mb`` is the most that its processes held at a time,
    pages that several share counted once."""

    name: str
    starting: float
    seconds: float
    memory_mb: int
    scores: Mapping[str, float]

    @property
    def seconds_each(self) -> float:
        """For a submission, when all is running: without the start."""
        return (self.seconds - self.starting) / len(self.scores)

    def seconds_for(self, submissions: int) -> float:
        """For a class of that size, the start included."""
        return self.starting + self.seconds_each * submissions


@dataclass(frozen=True)
class Comparison:
    """Both runs. ``ungraded`` are submissions that nbgrader was given and gave up, as it may where a kernel dies."""

    peer: Side
    ours: Side
    ungraded: tuple[str, ...] = ()

    @property
    def ratio(self) -> float:
        """How many times faster ours is with a submission."""
        return self.peer.seconds_each / self.ours.seconds_each

    @property
    def ratio_for_all(self) -> float:
        """How many times faster ours is with the whole class, the start of both included."""
        everybody = len(self.ours.scores)
        return self.peer.seconds_for(everybody) / self.ours.seconds_for(everybody)

    @property
    def differing(self) -> dict[str, tuple[float, float]]:
        """Learners to whom the two give other points: nbgrader's and ours."""
        pairs = {one: (points, self.ours.scores.get(one, 0.0)) for one, points in self.peer.scores.items()}
        return {one: pair for one, pair in pairs.items() if abs(pair[0] - pair[1]) > 0.006}


def compare(
    assignment: Assignment,
    submissions: Path,
    options: Options,
    report: Report = lambda line: None,
    sample: int | None = None,
) -> Comparison:
    """Grade ``submissions`` by both commands, each from nothing, in folders that are removed afterwards.

    nbgrader, which grades one after the other, gets ``sample`` of them, evenly spread; without it, all. They come
    repaired, since a damaged one would end its run, and where the assignment needs Kafka one is up before its time
    begins. A cell may take as long as with ours. Raises ``WorkshopError`` where one of the two cannot grade.
    """
    found = intake.find(submissions)
    chosen = _spread(found, sample)
    with tempfile.TemporaryDirectory(prefix="workshop-versus-") as folder:
        root = Path(folder)
        with _kafka(root / "home") if assignment.needs_kafka else nullcontext():
            peer = _nbgrader(assignment, chosen, root / "nbgrader", root / "home", options.timeout, report)
        ours = _workshop(assignment, submissions, len(found), root / "ours", options, report)
    return Comparison(peer, ours, tuple(sorted({one.learner.id for one in chosen} - peer.scores.keys())))


def _spread(found: Sequence[Found], most: int | None) -> list[Found]:
    if most is None or most >= len(found):
        return list(found)
    return [found[number * len(found) // most] for number in range(most)]


def _nbgrader(
    assignment: Assignment, found: Sequence[Found], root: Path, home: Path, timeout: float, report: Report
) -> Side:
    root.mkdir()
    released = release.notebook_of(assignment)
    known = {repair.grade_id(cell) for cell in released.cells} - {""}
    book = Book(root, assignment)
    book.prepare()
    for one in found:
        best = one.best(known)
        book.hand_in(one.learner.id, repair.repair(best.content if best else None, assignment, released), released)
    command = [sys.executable, "-m", "nbgrader", "autograde", assignment.name]
    command.append(f"--ExecutePreprocessor.timeout={timeout:.0f}")
    environment = {**os.environ, "WORKSHOP_HOME": str(home)}
    run = _run("nbgrader autograde", command, environment, root, root / "autograded", len(found), report)
    handed_in = {one.learner.id for one in found if (root / "autograded" / one.learner.id / assignment.name).exists()}
    scores = {who: points for who, points in book.scores().items() if who in handed_in}
    if not scores:
        raise WorkshopError(f"nbgrader has graded none of {len(found)} submissions:\n{run.said}")
    return Side("nbgrader autograde", run.first or 0.0, run.seconds, run.memory_mb, scores)


def _workshop(
    assignment: Assignment, submissions: Path, count: int, out: Path, options: Options, report: Report
) -> Side:
    out.mkdir()
    command = [sys.executable, "-c", _COMMAND, "grade", assignment.name, "--submissions", str(submissions.absolute())]
    command += ["--out", str(out), "--solutions", str(assignment.folder.parent.absolute()), "--json"]
    command += ["--jobs", str(options.jobs), "--sandbox", options.sandbox, "--timeout", f"{options.timeout:g}"]
    name = f"workshop grade --jobs {options.jobs}"
    run = _run(name, command, dict(os.environ), out.parent, out / "results", count, report)
    if run.code:
        raise WorkshopError(f"workshop grade has failed:\n{run.said}")
    told = json.loads(run.output)
    starting = run.seconds - told["seconds"] + told["starting"]  # its imports and its end, and what it told of its run
    return Side(name, starting, run.seconds, run.memory_mb, told["scores"])


def _run(
    name: str, command: list[str], environment: Mapping[str, str], where: Path, made: Path, count: int, report: Report
) -> Watched:
    """Run it; each new entry of the folder ``made`` is a submission further."""
    began = time.monotonic()

    def told(done: int) -> None:
        report(f"{name}: {min(done, count)} of {count}, {time.monotonic() - began:.0f} s")

    return watched(command, environment, where, made, told)


@contextmanager
def _kafka(home: Path) -> Iterator[None]:
    stack = EmbeddedStack(home, places.cache(), ksql=False, preferred=FREE_PORTS)
    try:
        stack.up(lambda line: None)
        yield
    finally:
        stack.down(lambda line: None)

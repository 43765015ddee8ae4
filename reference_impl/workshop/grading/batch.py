"""Grades a folder of submissions: side by side, and, after a crash or Ctrl-C, on from where it was."""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from workshop.assignments import release
from workshop.assignments.source import Assignment
from workshop.grading import broker, cgroups, engines, intake, likeness, pages, repair, results, tables
from workshop.grading.engines import Engine, GradingError
from workshop.grading.gradebook import Book
from workshop.grading.intake import Found
from workshop.grading.job import Cell, Job
from workshop.grading.repair import Repaired
from workshop.grading.results import Graded
from workshop.grading.sandbox import Limits
from workshop.stack import ports

_VERSION = b"4"
"""Part of what a result is kept under: raise it when the same submission may get other points."""
_OWN_KAFKA = 9092
_STARTING = 180


@dataclass(frozen=True)
class Options:
    """How to grade: ``sandbox`` is ``auto``, ``namespace``, ``docker`` or ``none``.

    ``timeout`` is for one cell or one call of a check, in seconds.
    """

    out: Path
    jobs: int = 2
    sandbox: str = "auto"
    timeout: float = 60
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Batch:
    """What came of it. ``fresh`` were graded in this run; ``files`` are the tables and the summary.

    ``seconds`` is the whole run, ``starting`` what of it went by before the first submission could begin.
    """

    everybody: tuple[Graded, ...]
    scores: dict[str, float]
    fresh: int
    seconds: float
    starting: float
    files: tuple[Path, ...]


def run(
    assignment: Assignment,
    submissions: Path,
    options: Options,
    report: Callable[[int, int, str], None],
    engine: Engine | None = None,
) -> Batch:
    """Grade everybody. ``report`` is told how many of how many are done, and whose was the last.

    ``engine`` is one for ``options.sandbox`` that was started before; without it, one is started where it is needed.

    Raises:
        GradingError: no sandbox can be made, or another run writes to the same folder.
    """
    began = time.monotonic()
    kind = engines.kind_of_sandbox(options.sandbox)
    found = intake.find(submissions)
    options.out.mkdir(parents=True, exist_ok=True)
    with _alone(options.out):
        grader = _Grader(assignment, options, kind)
        waiting = [one for one in found if not grader.is_done(one)]
        report(len(found) - len(waiting), len(found), "")
        if waiting:
            with nullcontext(engine) if engine else engines.start(kind, options.out / engines.LOG) as started:
                started.prepare(assignment.needs_tensorflow)
                if grader.needs_kafka:
                    broker.prepare()
                for number, graded in enumerate(_side_by_side(grader, started, waiting, options.jobs), 1):
                    report(len(found) - len(waiting) + number, len(found), graded.learner.id)
        else:
            grader.book.prepare()
        everybody = tuple(grader.result_of(one) for one in found)
        scores = grader.book.scores()
        alike = likeness.pairs(assignment, {one.learner.id: grader.answers_of(one) for one in found})
        files = tables.write(options.out, assignment, everybody, scores, alike)
        files.append(pages.summary(options.out, assignment, everybody, scores, alike))
    starting = grader.started - began if grader.started else 0.0
    return Batch(everybody, scores, len(waiting), time.monotonic() - began, starting, tuple(files))


class _Grader:
    """Grades one submission after the other, each as far as it has not been."""

    def __init__(self, assignment: Assignment, options: Options, kind: str) -> None:
        self._assignment = assignment
        self._options = options
        self._kind = kind
        self._released = release.notebook_of(assignment)
        self._checks = {f"{task.name}-check": task for task in assignment.tasks}
        # Without the cells' ids, which are others each time that the source is read.
        cells = [(cell.cell_type, cell.source, cell.metadata) for cell in assignment.notebook.cells]
        self._source = json.dumps(cells, sort_keys=True).encode()
        self._ids = {repair.grade_id(cell) for cell in self._released.cells} - {""}
        self._kept = options.out / "results"
        self.started: float | None = None
        self.book = Book(options.out, assignment)
        self.needs_kafka = engines.need_kafka(assignment)

    def is_done(self, found: Found) -> bool:
        kept = results.load(self._kept, found.learner)
        return kept is not None and kept.fingerprint == self._fingerprint(found)

    def result_of(self, found: Found) -> Graded:
        kept = results.load(self._kept, found.learner)
        if kept is None:
            raise GradingError(f"The result of {found.learner.id} has gone.", hint="Run the command again.")
        return kept

    def answers_of(self, found: Found) -> dict[str, str]:
        """What was handed in as the answer to each task, where it differs from what was given out."""
        repaired = self._repaired(found)
        stubs = {repair.grade_id(cell): cell.source for cell in self._released.cells}
        answers = {task.name: repaired.answer(task.name) for task in self._assignment.tasks}
        return {name: code for name, code in answers.items() if code.strip() != stubs[name].strip()}

    def grade(self, found: Found, engine: Engine) -> tuple[Graded, Repaired]:
        """Grade it in a group of processes of its own."""
        engine.wait()
        began = time.monotonic()
        self.started = self.started or began
        repaired = self._repaired(found)
        limits = self._options.limits
        group = cgroups.create(limits.memory_mb, limits.processes * 3) if self._kind == "namespace" else None
        job = Job(
            cells=[self._cell(cell) for cell in repaired.cells if cell.cell_type == "code"],
            timeout=self._options.timeout,
            sandboxed=self._kind != "none",
            kafka=self.needs_kafka,
            port=_OWN_KAFKA if self._kind != "none" else ports.choose(0),
            cgroup=[str(folder) for folder in group.folders] if group else [],
            limits=limits,
        )
        # By the cells that the assignment has: whoever adds a thousand endless ones waits no longer for it.
        cells = len(self._released.cells) + 4 * len(self._assignment.tasks)
        patience = _STARTING + self._options.timeout * cells
        try:
            raw = engine.grade(job, patience)
            if raw.get("unstarted"):
                raw = engine.grade(job, patience)
            if raw.get("unstarted"):  # which is no reason to give anybody no points
                raise GradingError(
                    f"{found.learner.id} could not be graded. {raw['error']}",
                    hint="The results so far are kept: the same command goes on from there.",
                )
            reports, printed = results.of(self._assignment, results.readable(raw))
        finally:
            if group is not None:
                group.remove()
        notes = (*found.notes, *repaired.notes)
        seconds = time.monotonic() - began
        return Graded(found.learner, self._fingerprint(found), reports, notes, printed, seconds), repaired

    def enter(self, graded: Graded, repaired: Repaired) -> None:
        """Into the gradebook and the learner's page; last, so that a crash before it repeats it, the result."""
        self.book.enter(graded, repaired, self._released)
        pages.feedback(self._options.out, self._assignment, graded, repaired)
        results.save(self._kept, graded)

    def _cell(self, cell: nbformat.NotebookNode) -> Cell:
        name = repair.grade_id(cell)
        if task := self._checks.get(name):
            return Cell(name, task.graded_source, task.points)
        return Cell(name or cell["id"], cell.source)

    def _repaired(self, found: Found) -> Repaired:
        best = found.best(self._ids)
        return repair.repair(best.content if best else None, self._assignment, self._released)

    def _fingerprint(self, found: Found) -> str:
        best = found.best(self._ids)
        return intake.fingerprint(_VERSION, self._source, best.content if best else b"")


def _side_by_side(grader: _Grader, engine: Engine, waiting: Sequence[Found], jobs: int) -> Iterator[Graded]:
    """Grade with ``jobs`` threads, each of which only waits for processes; write down from this thread alone."""
    with ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(grader.grade, one, engine) for one in waiting}
        try:
            grader.book.prepare()  # while they are graded
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for one in done:
                    graded, repaired = one.result()
                    grader.enter(graded, repaired)
                    yield graded
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            engine.stop()  # the threads that wait for it end, too
            raise


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    with (out / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise GradingError(
                f"Another run is writing to {out}.", hint="Wait for it, or name another --out."
            ) from None
        yield

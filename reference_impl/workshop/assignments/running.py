"""Runs cells in processes forked from this one, and gives the reports of their checks.

This process must not have used Kafka or TensorFlow (having imported them is what makes it quick): their threads do
not survive a fork.
"""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Generic, TypeVar

from fraud_pipeline.connection import Connection
from workshop import places, stack
from workshop.assignments.source import Assignment, SourceTask
from workshop.checks import place
from workshop.checks.outcomes import Item, Status, TaskReport

_forked = multiprocessing.get_context("fork")

Label = TypeVar("Label")


@dataclass(frozen=True)
class Cells:
    """Cells to run one after the other, and which of them check which task. ``folder`` None: an empty one."""

    sources: Sequence[str]
    checks: Mapping[int, SourceTask]
    folder: Path | None = None


@dataclass
class Outcome:
    """What came: a report for each check, and the errors of the cells before them."""

    reports: dict[str, TaskReport] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


@dataclass
class _Running(Generic[Label]):
    label: Label
    cells: Cells
    process: ForkProcess
    deadline: float
    outcome: Outcome = field(default_factory=Outcome)


class _Collecting(place.LocalPlace):
    """Keeps the reports instead of showing them."""

    def __init__(self, connection: Connection | None) -> None:
        super().__init__(connection)
        self.reports: list[TaskReport] = []

    def finish(self, report: TaskReport) -> None:
        self._remove_topics()
        self.reports.append(report)


def preload(assignment: Assignment) -> None:
    """Import what the assignment's cells will import, so that the forked processes need not."""
    import pandas  # noqa: F401 - for those who come after
    from IPython.core.interactiveshell import InteractiveShell  # noqa: F401

    from workshop.checks import ksql_memory  # noqa: F401

    names = {"fraud_pipeline.prepare", "confluent_kafka.admin"}
    if assignment.needs_tensorflow:
        names |= {"tensorflow", "keras", "fraud_pipeline.train.fit"}
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
        os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    for name in sorted(names):
        importlib.import_module(name)


def run(
    jobs: Iterable[tuple[Label, Cells]], connection: Connection | None, parallel: int = 1, timeout: float = 120
) -> Iterator[tuple[Label, Outcome]]:
    """Run each of ``jobs`` in a process of its own, ``parallel`` at a time; they come as they end.

    A check that gives no report (it takes longer than ``timeout`` seconds, or ends Python) has failed.
    """
    waiting = iter(jobs)
    running: dict[Pipe, _Running[Label]] = {}
    try:
        while True:
            while len(running) < parallel and (following := next(waiting, None)) is not None:
                label, cells = following
                pipe, process = _start(cells, connection)
                running[pipe] = _Running(label, cells, process, time.monotonic() + timeout)
            if not running:
                return
            soonest = min(one.deadline for one in running.values()) - time.monotonic()
            ready = set(wait(list(running), max(0.0, soonest)))
            for pipe, one in list(running.items()):
                ended = time.monotonic() > one.deadline
                if pipe in ready:
                    try:
                        _take(pipe.recv(), one)
                    except EOFError:
                        ended = True
                if ended:
                    del running[pipe]
                    yield one.label, _end(pipe, one)
    finally:
        for pipe, one in running.items():
            _end(pipe, one)


def _start(cells: Cells, connection: Connection | None) -> tuple[Pipe, ForkProcess]:
    ours, theirs = _forked.Pipe(duplex=False)
    process = _forked.Process(target=_child, args=(cells, connection, theirs))
    process.start()
    theirs.close()
    return ours, process


def _take(message: tuple[str, object], running: _Running[Label]) -> None:
    match message:
        case ("report", dict() as raw):
            report = TaskReport.from_dict(raw)
            running.outcome.reports[report.task] = report
        case ("error", str() as text):
            running.outcome.errors.append(text)


def _end(pipe: Pipe, running: _Running[Label]) -> Outcome:
    """End the process with all that it has started; what it did not report is filled in."""
    with suppress(ProcessLookupError):
        os.killpg(running.process.pid or 0, signal.SIGKILL)
    running.process.kill()
    running.process.join()
    pipe.close()
    unfinished = (
        "The code did not come to an end: it took too long (--timeout gives it more seconds; is there a loop that "
        "never ends?), or it ended Python."
    )
    for task in running.cells.checks.values():
        running.outcome.reports.setdefault(task.name, _failure(task, unfinished))
    return running.outcome


def _failure(task: SourceTask, message: str, status: Status = Status.INCORRECT) -> TaskReport:
    return TaskReport(task.name, task.points, (Item("the check runs to its end", status, message),))


def _child(cells: Cells, connection: Connection | None, pipe: Pipe) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    os.environ["WORKSHOP_HOME"] = str(places.home())
    os.environ.setdefault("MPLBACKEND", "Agg")
    with tempfile.TemporaryDirectory(prefix="workshop-cells-", ignore_cleanup_errors=True) as empty:
        os.chdir(cells.folder or empty)
        here = _Collecting(connection)
        place.set_current(here)
        shell = InteractiveShell.instance()
        for number, source in enumerate(cells.sources):
            here.reports.clear()
            outcome = shell.run_cell(source, store_history=False)
            error = outcome.error_before_exec or outcome.error_in_exec
            if number in cells.checks:
                pipe.send(("report", _report(cells.checks[number], here.reports, error).as_dict()))
            elif error is not None:
                first = next((line for line in source.splitlines() if line.strip()), "")
                pipe.send(("error", f"{type(error).__name__}: {error} (in the cell that begins: {first})"))
        os.chdir("/")
    pipe.close()
    os._exit(0)  # at once: Kafka clients that the cells have left open would take their time


def _report(task: SourceTask, reports: Sequence[TaskReport], error: BaseException | None) -> TaskReport:
    """What the check cell has told, or why it told nothing."""
    if reports and reports[-1].task == task.name and error is None:
        return reports[-1]
    if isinstance(error, NotImplementedError):
        return _failure(
            task, "Not attempted yet: replace `raise NotImplementedError` with your code.", Status.NOT_ATTEMPTED
        )
    if error is None:
        return _failure(task, "The check cell gave no points. Its last line must be: task.score()")
    return _failure(task, f"{type(error).__name__}: {error} {getattr(error, 'hint', '')}".strip())


@contextmanager
def own_stack() -> Iterator[Connection]:
    """An embedded stack for the length of the block; started and stopped by another process, so that this one may
    fork."""
    with tempfile.TemporaryDirectory(prefix="workshop-stack-") as folder:
        home = Path(folder)
        try:
            _elsewhere(home, "up")
            yield stack.connection(home)
        finally:
            _elsewhere(home, "down")


def _elsewhere(home: Path, what: str) -> None:
    process = _forked.Process(target=_operate, args=(home, what))
    process.start()
    process.join()


def _operate(home: Path, what: str) -> None:
    embedded = stack.EmbeddedStack(home, places.cache(), preferred=stack.FREE_PORTS)
    getattr(embedded, what)(logging.getLogger(__name__).info)

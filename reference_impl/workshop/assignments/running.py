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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Generic, TypeVar

from fraud_pipeline.connection import Connection
from workshop import places, stack
from workshop.assignments.cell_process import Cells, failure, run_cells
from workshop.assignments.source import Assignment
from workshop.checks.outcomes import TaskReport

_forked = multiprocessing.get_context("fork")

_LONG = 10.0
"""Seconds after which it is told that something still runs, and again each time they have passed."""

_LAST_WORDS = 5.0
"""Seconds for an interrupted process to say where it was."""

_CRASHES = (-signal.SIGABRT, -signal.SIGSEGV)
"""How a process ends when a compiled library does: Kafka's client may, by an assertion of its own that does not hold
(seen in librdkafka 2.16 after aborted transactions). That is no verdict on the code, which gets a second try."""

Label = TypeVar("Label")


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
    began: float
    deadline: float
    tell_at: float
    interrupted: bool = False
    is_second: bool = False
    place: str = ""
    outcome: Outcome = field(default_factory=Outcome)


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
    jobs: Iterable[tuple[Label, Cells]],
    connection: Connection | None,
    parallel: int = 1,
    timeout: float = 120,
    still_running: Callable[[Label, float, str], None] = lambda label, seconds, place: None,
) -> Iterator[tuple[Label, Outcome]]:
    """Run each of ``jobs`` in a process of its own, ``parallel`` at a time; they come as they end.

    A check that gives no report (it takes longer than ``timeout`` seconds, or ends Python) has failed; where a library
    crashed, all of the job is tried a second time. Of what takes
    long, ``still_running`` is told the label, for how many seconds, and in which cell.
    """
    waiting = iter(jobs)
    running: dict[Pipe, _Running[Label]] = {}
    try:
        while True:
            while len(running) < parallel and (following := next(waiting, None)) is not None:
                pipe, one = _start(*following, connection, timeout)
                running[pipe] = one
            if not running:
                return
            soonest = min(min(one.deadline, one.tell_at) for one in running.values()) - time.monotonic()
            ready = set(wait(list(running), max(0.0, soonest)))
            for pipe, one in list(running.items()):
                ended = False
                if pipe in ready:
                    try:
                        _take(pipe.recv(), one)
                    except EOFError:
                        ended = True
                        one.process.join(_LAST_WORDS)  # it is ending, and its exit code says how
                now = time.monotonic()
                if now > one.deadline and not ended:
                    ended = one.interrupted
                    _interrupt(one)
                if ended:
                    del running[pipe]
                    outcome = _end(pipe, one, timeout)
                    if one.process.exitcode in _CRASHES and not one.is_second:
                        pipe, again = _start(one.label, one.cells, connection, timeout)
                        running[pipe] = replace(again, is_second=True)
                    else:
                        yield one.label, outcome
                elif now > one.tell_at:
                    one.tell_at = now + _LONG
                    still_running(one.label, now - one.began, one.place)
    finally:
        for pipe, one in running.items():
            _end(pipe, one, timeout)


def _start(label: Label, cells: Cells, connection: Connection | None, timeout: float) -> tuple[Pipe, _Running[Label]]:
    ours, theirs = _forked.Pipe(duplex=False)
    process = _forked.Process(target=run_cells, args=(cells, connection, theirs))
    process.start()
    theirs.close()
    now = time.monotonic()
    return ours, _Running(label, cells, process, now, now + timeout, now + _LONG)


def _take(message: tuple[str, object], running: _Running[Label]) -> None:
    match message:
        case ("report", dict() as raw):
            report = TaskReport.from_dict(raw)
            running.outcome.reports[report.task] = report
        case ("error", str() as text):
            running.outcome.errors.append(text)
        case ("place", str() as text):
            running.place = text


def _interrupt(running: _Running[Label]) -> None:
    """Have the process say where it is, as Ctrl-C would; it has some seconds for that, and then it is ended."""
    running.interrupted = True
    running.deadline = time.monotonic() + _LAST_WORDS
    with suppress(ProcessLookupError):
        os.kill(running.process.pid or 0, signal.SIGINT)


def _end(pipe: Pipe, running: _Running[Label], timeout: float) -> Outcome:
    """End the process with all that it has started; what it did not report is filled in."""
    with suppress(ProcessLookupError):
        os.killpg(running.process.pid or 0, signal.SIGKILL)
    running.process.kill()
    running.process.join()
    pipe.close()
    unfinished = f"The code did not come to its end: it ended Python, {running.place}."
    if running.interrupted:
        unfinished = (
            f"The code was still running after {timeout:g} s, {running.place}. Does something there never end, a loop "
            f"or a generator, or wait for what never comes? If it only takes longer: --timeout {2 * timeout:.0f}"
        )
    for task in running.cells.checks.values():
        running.outcome.reports.setdefault(task.name, failure(task, unfinished))
    return running.outcome


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

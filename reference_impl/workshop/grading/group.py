"""One submission's group of processes: the trusted checker here, the learner's process and a broker in sandboxes.

The checker runs the check cells of the source. Names that they do not define are asked of the learner's process.
"""

from __future__ import annotations

import re
import threading
import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psutil

from fraud_pipeline.connection import Connection
from workshop.checks import place
from workshop.checks.outcomes import TaskReport
from workshop.errors import StackError
from workshop.grading.broker import connection
from workshop.grading.process import Process
from workshop.grading.sandbox import Limits
from workshop.grading.session import RemoteNames, Session
from workshop.stack.java import Java
from workshop.stack.kafka import KafkaService
from workshop.stack.processes import comes_true

_BROKER_PATIENCE = 120
_TRIES = 2
"""Of a check during which the learner's process ended by itself; the last one counts."""
_MB = 2**20
_SWITCH = re.compile(r"[ \t]*task\.hidden\((True|False)\)")


@dataclass(frozen=True)
class Cell:
    """A code cell: the learner's, or, where ``points`` says what it is worth, a check of the trusted source."""

    id: str
    source: str
    points: float | None = None


@dataclass(frozen=True)
class Job:
    """One submission to grade. ``cgroup`` names the control groups that its sandboxes join."""

    cells: Sequence[Cell]
    timeout: float
    sandboxed: bool
    kafka: bool
    port: int
    cgroup: Sequence[str] = ()
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Job:
        cells = tuple(Cell(**cell) for cell in raw["cells"])
        return cls(**{**raw, "cells": cells, "limits": Limits(**raw["limits"])})


@dataclass(frozen=True)
class StartedBroker:
    """A Kafka that has been started; it need not listen yet. ``said`` gives the end of its log."""

    said: Callable[[], str]
    has_ended: Callable[[], bool] = lambda: False


class Starter(Protocol):
    """Starts processes for one submission, each in a sandbox of its own, on the same loopback as this one."""

    def start_learner(self, job: Job) -> Process:
        """A process that answers questions, as ``learner.serve`` does."""
        ...

    def start_broker(self, job: Job) -> StartedBroker:
        """A Kafka on the job's port."""
        ...


class RemotePlace:
    """Where checks find the learner's code when it is graded: in the sandboxes of this group."""

    def __init__(self, learner: Session, engine: Session, broker: Broker) -> None:
        self._learner = learner
        self._engine = engine
        self._broker = broker
        self.report: TaskReport | None = None
        self.used_kafka = False

    def probe(self, name: str, arguments: Sequence[Any]) -> Any:
        return self._learner.ask("probe", name=name, arguments=list(arguments))

    def ksql(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """In a sandbox of its own: neither here, where it might do harm, nor where the learner could forge its rows."""
        found = self._engine.ask("ksql", request=dict(request))
        if not isinstance(found, dict):
            raise place.LearnerError(["TypeError", "Exception"], "the statements gave no result")
        return found

    def kafka(self) -> Connection:
        self.used_kafka = True
        return self._broker.connection()

    def topic(self, name: str) -> str:
        return f"{name}-{uuid.uuid4().hex[:12]}"

    def finish(self, report: TaskReport) -> None:
        self.report = report


class Broker:
    """The submission's own Kafka, started when it is first needed."""

    def __init__(self, starter: Starter, job: Job) -> None:
        self._starter = starter
        self._job = job
        self._running = False
        self._lock = threading.Lock()

    def connection(self) -> Connection:
        """Where it listens, once it does. Raises ``StackError``."""
        with self._lock:
            if not self._running:
                self._start()
                self._running = True
        return connection(self._job.port)

    def _start(self) -> None:
        started = self._starter.start_broker(self._job)
        service = KafkaService(Java((), Path()), Path())
        ports = {"kafka": self._job.port, "controller": self._job.port + 1}
        comes_true(lambda: started.has_ended() or service.is_healthy(ports), _BROKER_PATIENCE)
        if started.has_ended() or not service.is_healthy(ports):
            raise StackError(f"The submission's Kafka did not start: {started.said()}")


def grade(job: Job, starter: Starter) -> dict[str, Any]:
    """Run the cells in order. The result says of each what was printed, how it failed, and what the checks found.

    With ``unstarted`` in it, nothing of the learner's has run, for want of a Kafka: it says nothing about the learner.

    ``starter`` was made before the job was known: what it starts has never had a hidden test in its memory.
    """
    started: list[Process] = []

    def start() -> Process:
        started.append(starter.start_learner(job))
        return started[-1]

    learner, engine = Session(start, job.timeout), Session(start, job.timeout)
    broker = Broker(starter, job)
    _watch_memory(job, started)
    found: list[dict[str, Any]] = []
    knows_hidden = False
    if job.kafka:
        try:
            broker.connection()
        except StackError as why:
            return {"cells": [], "error": str(why), "unstarted": True}
    try:
        for cell in job.cells:
            if cell.points is None:
                printed, error = learner.run_cell(cell.source, knows_hidden=knows_hidden)
                found.append({"id": cell.id, "output": printed, "error": error, "report": None})
            else:
                for _ in range(_TRIES):
                    checked = _check(cell, learner, RemotePlace(learner, engine, broker))
                    checked["knows_hidden"] = knows_hidden
                    knows_hidden = knows_hidden or (_has_hidden(cell) and checked["told"])
                    if not learner.has_ended:
                        break
                found.append(checked)
    finally:
        learner.close()
        engine.close()
    return {"cells": found}


def _check(cell: Cell, learner: Session, where: RemotePlace) -> dict[str, Any]:
    """Run a check cell. It counts only what its own task reports, and no more than the cell is worth."""
    learner.begin_checks()
    error, hidden = None, False
    try:
        with place.using(where):
            exec(compile(cell.source, _file_of(cell), "exec"), RemoteNames(learner, {"__name__": cell.id}))
    except (Exception, SystemExit) as raised:  # noqa: BLE001 - whatever goes wrong costs this task only
        error = "".join(traceback.format_exception_only(raised)).strip()[:2000]
        hidden = _in_hidden_part(cell, raised)
    finally:
        told = learner.end_checks() or where.used_kafka  # its code can read all topics
    report = where.report
    if report is not None and report.points != cell.points:
        error, report = f"the check gives {report.points} points, the cell is worth {cell.points}", None
    report_of = report.as_dict() if report else None
    return {"id": cell.id, "output": "", "error": error, "error_hidden": hidden, "report": report_of, "told": told}


def _has_hidden(cell: Cell) -> bool:
    return any(map(_SWITCH.match, cell.source.splitlines()))


def _file_of(cell: Cell) -> str:
    return f"<{cell.id}>"


def _in_hidden_part(cell: Cell, error: BaseException) -> bool:
    """Whether the error came while hidden tests ran: then its text may hold what the learner should not know."""
    hidden, on = set(), False
    for number, line in enumerate(cell.source.splitlines(), start=1):
        if found := _SWITCH.match(line):
            on = found[1] == "True"
        if on:
            hidden.add(number)
    frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_code.co_filename == _file_of(cell) and line in hidden for frame, line in frames)


def _watch_memory(job: Job, started: Sequence[Process]) -> None:
    """Where nothing else limits it, end a sandbox whose processes use more memory than is allowed."""
    if job.cgroup:
        return

    def watch() -> None:
        pause = threading.Event()
        while not pause.wait(0.3):
            for pid in [one.pid for one in started if one.pid is not None]:
                try:
                    first = psutil.Process(pid)
                    if sum(map(_own_memory, [first, *first.children(recursive=True)])) > job.limits.memory_mb * _MB:
                        first.kill()
                except psutil.Error:
                    continue  # it has ended meanwhile

    threading.Thread(target=watch, daemon=True).start()


def _own_memory(process: psutil.Process) -> int:
    used = process.memory_info()
    return int(used.rss - used.shared)

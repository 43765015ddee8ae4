"""A submission's cells, run one after the other: the learner's in a sandbox, the checks of the source here."""

from __future__ import annotations

import re
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fraud_pipeline.connection import Connection
from workshop.checks import place
from workshop.checks.outcomes import TaskReport
from workshop.errors import StackError
from workshop.grading.broker import connection
from workshop.grading.job import Cell, Job, StartedBroker, Starter
from workshop.grading.process import Process
from workshop.grading.session import RemoteNames, Session
from workshop.stack.java import Java
from workshop.stack.kafka import KafkaService
from workshop.stack.processes import comes_true

_BROKER_PATIENCE = 120
_TRIES = 2
"""Of a check during which the learner's process ended by itself; the last one counts."""
_LOOKS_EVERY = 0.1
_SWITCH = re.compile(r"[ \t]*task\.hidden\((True|False)\)")

ENDED = "The submission's Kafka has ended: something that the code did was too much for it."


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
        self._started: StartedBroker | None = None
        self._lock = threading.Lock()

    def connection(self) -> Connection:
        """Where it listens, once it does. Raises ``StackError``."""
        with self._lock:
            if self._started is None:
                self._started = self._start()
        if self.has_ended():
            raise StackError(ENDED)
        return connection(self._job.port)

    def has_ended(self) -> bool:
        """Whether it was there and is no more: the learner's code may have filled its disk, or killed it."""
        return self._started is not None and self._started.has_ended()

    def _start(self) -> StartedBroker:
        started = self._starter.start_broker(self._job)
        service = KafkaService(Java((), Path()), Path())
        ports = {"kafka": self._job.port, "controller": self._job.port + 1}
        comes_true(lambda: started.has_ended() or service.is_healthy(ports), _BROKER_PATIENCE)
        if started.has_ended() or not service.is_healthy(ports):
            raise StackError(f"The submission's Kafka did not start: {started.said()}")
        return started


class Course(threading.Thread):
    """Runs the cells that come after those in ``found``, to the end or to a check that can never end.

    A client of Kafka may wait for minutes for a broker that has gone, in code that nothing can interrupt. Such a check
    is given up: its thread is left to itself, and another one goes on with the next cell.
    """

    def __init__(
        self, job: Job, start: Callable[[], Process], broker: Broker, found: Sequence[Mapping[str, Any]]
    ) -> None:
        super().__init__(daemon=True)
        self._job = job
        self._broker = broker
        self._found = [dict(one) for one in found]
        self._learner, self._engine = Session(start, job.timeout), Session(start, job.timeout)
        done = job.cells[: len(found)]
        self._learner.has_run(cell.source for cell in done if cell.points is None)
        self._knows_hidden = any(map(_has_hidden, done))
        self._where: RemotePlace | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            for cell in self._job.cells[len(self._found) :]:
                self._found.append(self._one(cell))
        except BaseException as error:  # noqa: BLE001 - it is raised where the outcome is asked for
            self._error = error

    def outcome(self) -> list[dict[str, Any]]:
        """What has been found, once it has ended or been given up. Raises what the run has raised."""
        at, since = -1, 0.0
        try:
            while self.is_alive():
                self.join(_LOOKS_EVERY)
                now, done, where = time.monotonic(), len(self._found), self._where
                waits = where is not None and where.used_kafka and self._broker.has_ended()
                if not waits or done != at:
                    at, since = done, now
                elif now > since + self._job.timeout and self.is_alive():
                    given_up = {"id": self._job.cells[done].id, "output": "", "error": ENDED, "report": None}
                    return [
                        *self._found[:done],
                        {**given_up, "error_hidden": False, "knows_hidden": self._knows_hidden},
                    ]
        finally:
            self._learner.close()
            self._engine.close()
        if self._error is not None:
            raise self._error
        return self._found

    def _one(self, cell: Cell) -> dict[str, Any]:
        if cell.points is None:
            printed, error = self._learner.run_cell(cell.source, knows_hidden=self._knows_hidden)
            return {"id": cell.id, "output": printed, "error": error, "report": None}
        for _ in range(_TRIES):
            self._where = RemotePlace(self._learner, self._engine, self._broker)
            checked = {**_check(cell, self._learner, self._where), "knows_hidden": self._knows_hidden}
            self._where = None
            self._knows_hidden = self._knows_hidden or (_has_hidden(cell) and checked["told"])
            if not self._learner.has_ended:
                break
        return checked


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

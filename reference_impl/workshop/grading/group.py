"""One submission's group of processes: the trusted checker here, the learner's process and a broker in sandboxes.

The checker runs the check cells of the source. Names that they do not define are asked of the learner's process.
"""

from __future__ import annotations

import os
import socket
import tempfile
import threading
import traceback
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from fraud_pipeline.connection import Connection
from workshop.checks import place
from workshop.checks.outcomes import TaskReport
from workshop.errors import StackError
from workshop.grading.nursery import Nursery
from workshop.grading.sandbox import Limits
from workshop.grading.session import Process, RemoteNames, Session
from workshop.stack.java import Java
from workshop.stack.kafka import KafkaService

_BROKER_PATIENCE = 120
_MB = 2**20


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


class RemotePlace:
    """Where checks find the learner's code when it is graded: in the sandboxes of this group."""

    def __init__(self, learner: Session, engine: Session, broker: Broker) -> None:
        self._learner = learner
        self._engine = engine
        self._broker = broker
        self.report: TaskReport | None = None

    def probe(self, name: str, arguments: Sequence[Any]) -> Any:
        return self._learner.ask("probe", name=name, arguments=list(arguments))

    def ksql(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """In a sandbox of its own: neither here, where it might do harm, nor where the learner could forge its rows."""
        found = self._engine.ask("ksql", request=dict(request))
        if not isinstance(found, dict):
            raise place.LearnerError(["TypeError", "Exception"], "the statements gave no result")
        return found

    def kafka(self) -> Connection:
        return self._broker.connection()

    def topic(self, name: str) -> str:
        return f"{name}-{uuid.uuid4().hex[:12]}"

    def finish(self, report: TaskReport) -> None:
        self.report = report


class Broker:
    """The submission's own Kafka, started when it is first needed."""

    def __init__(self, nursery: Nursery, job: Job) -> None:
        self._nursery = nursery
        self._job = job
        self._running = False
        self._lock = threading.Lock()

    def connection(self) -> Connection:
        """Where it listens, once it does. Raises ``StackError``."""
        with self._lock:
            if not self._running:
                self._start()
                self._running = True
        return Connection(bootstrap_servers=f"127.0.0.1:{self._job.port}")

    def _start(self) -> None:
        log = tempfile.TemporaryFile()  # noqa: SIM115 - the broker writes to it as long as this process lives
        limits = asdict(Limits(data_limited=False, processes=256))
        data = "/tmp/kafka" if self._job.sandboxed else tempfile.mkdtemp(prefix="workshop-kafka-")
        self._nursery.start(
            "broker", [log.fileno()], port=self._job.port, data=data, limits=limits, cgroup=self._job.cgroup
        )
        service = KafkaService(Java((), Path()), Path(data))
        ports = {"kafka": self._job.port, "controller": self._job.port + 1}
        healthy = Retrying(
            wait=wait_fixed(0.05),
            stop=stop_after_delay(_BROKER_PATIENCE),
            retry=retry_if_result(lambda well: not well),
            retry_error_callback=lambda state: False,
        )(service.is_healthy, ports)
        if not healthy:
            log.seek(0)
            raise StackError(f"The submission's Kafka did not start: {log.read()[-800:].decode(errors='replace')}")


def grade(job: Job, nursery: Nursery) -> dict[str, Any]:
    """Run the cells in order. The result says of each what was printed, how it failed, and what the checks found.

    ``nursery`` was forked before the job was known: what it starts has never had a hidden test in its memory.
    """
    started: list[Process] = []

    def start() -> Process:
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        settings = {"limits": asdict(job.limits), "cgroup": list(job.cgroup), "port": job.port}
        pid = nursery.start("learner", [theirs.fileno(), writing], **settings)
        theirs.close()
        os.close(writing)
        started.append(Process(pid, ours, reading))
        return started[-1]

    learner, engine = Session(start, job.timeout), Session(start, job.timeout)
    broker = Broker(nursery, job)
    _watch_memory(job, lambda: [one.pid for one in started])
    found = []
    try:
        if job.kafka:
            broker.connection()
        for cell in job.cells:
            if cell.points is None:
                printed, error = learner.run_cell(cell.source)
                found.append({"id": cell.id, "output": printed, "error": error, "report": None})
            else:
                found.append(_check(cell, learner, RemotePlace(learner, engine, broker)))
    finally:
        learner.close()
        engine.close()
    return {"cells": found}


def _check(cell: Cell, learner: Session, where: RemotePlace) -> dict[str, Any]:
    """Run a check cell. It counts only what its own task reports, and no more than the cell is worth."""
    learner.begin_checks()
    error = None
    try:
        with place.using(where):
            exec(compile(cell.source, f"<{cell.id}>", "exec"), RemoteNames(learner, {"__name__": cell.id}))
    except (Exception, SystemExit) as raised:  # noqa: BLE001 - whatever goes wrong costs this task only
        error = "".join(traceback.format_exception_only(raised)).strip()[:2000]
    report = where.report
    if report is not None and report.points != cell.points:
        error, report = f"the check gives {report.points} points, the cell is worth {cell.points}", None
    return {"id": cell.id, "output": "", "error": error, "report": report.as_dict() if report else None}


def _watch_memory(job: Job, sandboxes: Any) -> None:
    """Where there is no control group, end a sandbox whose processes use more memory than is allowed."""
    if job.cgroup:
        return

    def watch() -> None:
        pause = threading.Event()
        while not pause.wait(0.3):
            for pid in sandboxes():
                try:
                    first = psutil.Process(pid)
                    used = sum(
                        one.memory_info().rss - one.memory_info().shared for one in [first, *first.children(True)]
                    )
                    if used > job.limits.memory_mb * _MB:
                        first.kill()
                except psutil.Error:
                    continue  # it has ended meanwhile

    threading.Thread(target=watch, daemon=True).start()


def _own_memory(process: psutil.Process) -> int:
    used = process.memory_info()
    return int(used.rss - used.shared)

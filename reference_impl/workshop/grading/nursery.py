"""Starts sandboxed processes for one submission. It is forked before anything secret is known, and learns nothing."""

from __future__ import annotations

import json
import os
import socket
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from workshop.grading import broker, cgroups, learner, linux, sandbox
from workshop.grading.job import Job, StartedBroker
from workshop.grading.process import Process

_MESSAGE = 65_536


class Nursery:
    """The side that asks for processes."""

    def __init__(self, sandboxed: bool, closing: Sequence[int] = ()) -> None:
        self._ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            self._ours.close()
            linux.die_with_parent()
            for descriptor in closing:
                os.close(descriptor)
            _run(theirs, sandboxed)
            os._exit(0)
        theirs.close()

    def start_learner(self, job: Job) -> Process:
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        pid = self._start("learner", job, job.limits, [theirs.fileno(), writing])
        theirs.close()
        os.close(writing)
        return Process(pid, ours, reading)

    def start_broker(self, job: Job) -> StartedBroker:
        log = tempfile.TemporaryFile()  # noqa: SIM115 - the broker writes to it as long as this process lives
        data = "/tmp/kafka" if job.sandboxed else tempfile.mkdtemp(prefix="workshop-kafka-")
        pid = self._start("broker", job, sandbox.BROKER, [log.fileno()], data=data)

        def said() -> str:
            log.seek(0)
            return log.read()[-800:].decode(errors="replace")

        return StartedBroker(said, lambda: _has_ended(pid))

    def _start(self, what: str, job: Job, limits: sandbox.Limits, descriptors: list[int], **settings: Any) -> int:
        """Start a process (``learner`` or ``broker``) that has the ``descriptors``; its process id."""
        order = {"what": what, "limits": asdict(limits), "cgroup": list(job.cgroup), "port": job.port, **settings}
        socket.send_fds(self._ours, [json.dumps(order).encode()], descriptors)
        return int(self._ours.recv(_MESSAGE).decode())


def _run(asked: socket.socket, sandboxed: bool) -> None:
    folders = sandbox.visible_folders() if sandboxed else []
    while True:
        raw, descriptors, _, _ = socket.recv_fds(asked, _MESSAGE, 4)
        if not raw:
            return
        reading, writing = os.pipe()
        middle = os.fork()
        if middle == 0:
            os.close(reading)
            try:
                _become(json.loads(raw), descriptors, folders if sandboxed else None, writing)
            except BaseException:  # noqa: BLE001 - the checker sees that it has ended, and reads here why
                traceback.print_exc()
            finally:
                os._exit(1)
        os.close(writing)
        pid = os.read(reading, 32)
        os.close(reading)
        for descriptor in descriptors:
            os.close(descriptor)
        asked.sendall(pid or b"0")
        if sandboxed:
            os.waitpid(middle, 0)  # what it has started belongs to the first process of the group now


def _become(order: Mapping[str, Any], descriptors: list[int], folders: list[str] | None, report: int) -> None:
    limits = sandbox.Limits(**order["limits"])
    if folders is None:
        os.setsid()
        linux.die_with_parent()
        os.write(report, str(os.getpid()).encode())
    else:
        group = cgroups.Group(tuple(Path(one) for one in order["cgroup"])) if order["cgroup"] else None
        pid = sandbox.enter(folders, limits, descriptors, group)
        if pid:
            os.write(report, str(pid).encode())
            os._exit(0)
    if order["what"] == "broker":
        os.dup2(descriptors[0], 1)
        os.dup2(descriptors[0], 2)
        broker.run(order["port"], Path(order["data"]))
    else:
        os.dup2(descriptors[1], 1)
        os.dup2(descriptors[1], 2)
        os.close(descriptors[1])
        channel = socket.socket(fileno=descriptors[0])
        learner.serve(channel, broker.connection(order["port"]))
        os._exit(0)


def _has_ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True

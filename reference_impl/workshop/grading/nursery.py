"""Starts sandboxed processes for one submission. It is forked before anything secret is known, and learns nothing."""

from __future__ import annotations

import json
import os
import resource
import socket
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fraud_pipeline.connection import Connection
from workshop import places
from workshop.grading import cgroups, learner, linux, sandbox
from workshop.grading.group import Job
from workshop.grading.process import Process
from workshop.stack import jars
from workshop.stack.java import Java
from workshop.stack.kafka import KafkaService

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

    def start_broker(self, job: Job) -> Callable[[], str]:
        log = tempfile.TemporaryFile()  # noqa: SIM115 - the broker writes to it as long as this process lives
        data = "/tmp/kafka" if job.sandboxed else tempfile.mkdtemp(prefix="workshop-kafka-")
        self._start("broker", job, sandbox.BROKER, [log.fileno()], data=data)

        def said() -> str:
            log.seek(0)
            return log.read()[-800:].decode(errors="replace")

        return said

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
    broker = order["what"] == "broker"
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
    if broker:
        os.dup2(descriptors[0], 1)
        os.dup2(descriptors[0], 2)
        run_broker(order["port"], Path(order["data"]))
    else:
        os.dup2(descriptors[1], 1)
        os.dup2(descriptors[1], 2)
        os.close(descriptors[1])
        channel = socket.socket(fileno=descriptors[0])
        learner.serve(channel, Connection(bootstrap_servers=f"127.0.0.1:{order['port']}"))
        os._exit(0)


def run_broker(port: int, data: Path) -> None:
    """Replace this process by a Kafka of the submission's own."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
    java = Java(jars.ensure(jars.locked_jars(), places.cache() / "jars"), places.cache() / "archives")
    command = KafkaService(java, data).prepare({"kafka": port, "controller": port + 1})
    os.execv(command[0], command)

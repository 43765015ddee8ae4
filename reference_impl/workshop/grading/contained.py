"""What runs inside a container of ``containers``: a checker, a learner's process, or a broker. ``python -m`` this.

The checker speaks with the program outside through its standard input and output. A learner's process connects to the
checker over the loopback that both share, and first of all proves by a password that it is the one that was asked for:
whatever a learner's earlier process has left running there cannot.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from workshop.errors import StackError, WorkshopError
from workshop.grading import broker, learner, sandbox
from workshop.grading.channel import ChannelError, Line, Message, receive, send
from workshop.grading.group import grade
from workshop.grading.job import Job, StartedBroker
from workshop.grading.process import Process

_HOST = "127.0.0.1"
_STARTING = 120
_LINES = ("channel", "output")
_WORD = 32
_UNLIMITED = 1_000_000


class Streams:
    """Two pipes, one to read from and one to write to, as a line for a channel."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing
        self._timeout: float | None = None

    def settimeout(self, value: float | None, /) -> None:
        self._timeout = value

    def sendall(self, data: bytes, /) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(self._writing, left) :]

    def recv(self, size: int, /) -> bytes:
        if not select.select([self._reading], [], [], self._timeout)[0]:
            raise TimeoutError
        return os.read(self._reading, size)


class Siblings:
    """Containers beside this one, started by the program outside."""

    def __init__(self, outside: Line) -> None:
        self._outside = outside
        self._lock = threading.Lock()

    def start_learner(self, job: Job) -> Process:
        words = {line: secrets.token_hex(_WORD // 2) for line in _LINES}
        with socket.create_server((_HOST, 0)) as listener:
            limits = job.limits
            environment = {"WORKSHOP_CHECKER": listener.getsockname()[1], "WORKSHOP_BROKER": job.port}
            environment |= {f"WORKSHOP_WORD_{line.upper()}": word for line, word in words.items()}
            environment |= {"WORKSHOP_LIMITS": f"{limits.memory_mb} {limits.disk_mb} {limits.cpu_seconds}"}
            name = self._ask({"start": "learner", "environment": environment})["name"]
            try:
                found = _accept(listener, {word: line for line, word in words.items()})
            except TimeoutError:
                raise StackError("The container for the learner's code did not answer.") from None
        return Process(None, found["channel"], found["output"].detach(), lambda: self._end(name))

    def start_broker(self, job: Job) -> StartedBroker:
        self._ask({"start": "broker", "environment": {"WORKSHOP_BROKER": job.port}})
        return StartedBroker(lambda: "its container keeps no log")

    def _end(self, name: str) -> None:
        self._ask({"end": name})

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            send(self._outside, Message(order))
            reply = receive(self._outside).body
        if "error" in reply:
            raise StackError(f"Docker starts no container: {reply['error']}")
        return dict(reply)


def _accept(listener: socket.socket, awaited: dict[str, str]) -> dict[str, socket.socket]:
    """A connection for each word that is awaited; others are turned away. Raises ``TimeoutError``."""
    found: dict[str, socket.socket] = {}
    deadline = time.monotonic() + _STARTING
    while len(found) < len(awaited):
        listener.settimeout(max(0.01, deadline - time.monotonic()))
        line, _ = listener.accept()
        line.settimeout(5)
        word = b""
        with contextlib.suppress(OSError):
            while len(word) < _WORD and (part := line.recv(_WORD - len(word))):
                word += part
        name = awaited.get(word.decode(errors="replace"))
        if name is None or name in found:
            line.close()
            continue
        line.settimeout(None)
        found[name] = line
    return found


def _checker() -> None:
    outside = Streams(os.dup(0), os.dup(1))
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 1)
    with contextlib.suppress(ChannelError):
        job = Job.from_dict(receive(outside).body)
        sandbox.limit_own_memory(job.limits.memory_mb // 2)
        try:
            send(outside, Message(grade(job, Siblings(outside))))
        except WorkshopError as error:
            send(outside, Message({"cells": [], "error": str(error)}))


def _learner() -> None:
    environment = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("WORKSHOP_")}
    os.environ["WORKSHOP_CACHE"] = environment["WORKSHOP_CACHE"]
    lines = {}
    for line in _LINES:
        lines[line] = socket.create_connection((_HOST, int(environment["WORKSHOP_CHECKER"])))
        lines[line].sendall(environment[f"WORKSHOP_WORD_{line.upper()}"].encode())
    memory, disk, cpu = map(int, environment["WORKSHOP_LIMITS"].split())
    # Processes are counted by the container: the system would count those of all submissions together.
    sandbox.limit(sandbox.Limits(memory, disk, processes=_UNLIMITED, cpu_seconds=cpu))
    sandbox.settle()
    for stream in (1, 2):
        os.dup2(lines["output"].fileno(), stream)
    lines["output"].close()
    learner.serve(lines["channel"], broker.connection(int(environment["WORKSHOP_BROKER"])))
    os._exit(0)


def _broker() -> None:
    broker.run(int(os.environ["WORKSHOP_BROKER"]), Path("/tmp/kafka"))


if __name__ == "__main__":
    {"checker": _checker, "learner": _learner, "broker": _broker}[sys.argv[1]]()

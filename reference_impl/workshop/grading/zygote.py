"""A process that has imported what submissions need, and forks a group of processes for each: ``python -m`` this.

It is started anew for a batch, and knows neither hidden tests nor grades: those come to the forked group later.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from workshop.errors import WorkshopError
from workshop.grading import linux, sandbox
from workshop.grading.channel import ChannelError, Message, receive, send
from workshop.grading.group import Job, grade
from workshop.grading.nursery import Nursery

_LIBRARIES = (
    "numpy", "pandas", "pyarrow", "sklearn.metrics", "sklearn.preprocessing", "confluent_kafka",
    "IPython.core.interactiveshell", "fraud_pipeline.ingest", "fraud_pipeline.prepare", "fraud_pipeline.preprocess",
    "workshop.checks.ksql_memory",
)  # fmt: skip
_TENSORFLOW = ("tensorflow", "keras")
ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0",
}  # fmt: skip
"""What libraries are told: no talk, one thread each, no graphics card."""


_STARTING = 60


class Zygote:
    """The side that has submissions graded. ``with Zygote() as zygote: zygote.wait(); zygote.grade(job)``.

    It can grade from several threads.
    """

    def __init__(self, tensorflow: bool = True, log: Path = Path(os.devnull)) -> None:
        """``tensorflow``: whether submissions will need it; without it, this starts in half the time and memory.

        What libraries say while checks run (Kafka's client says when a broker goes) is added to ``log``.
        """
        self._log = log
        self._started, self._waiting = False, threading.Lock()
        self._ours, theirs = socket.socketpair()
        libraries = [*_LIBRARIES, *(_TENSORFLOW if tensorflow else ())]
        with theirs, log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno()), *libraries],
                pass_fds=[theirs.fileno()],
                env={**os.environ, **ENVIRONMENT},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,  # Ctrl-C is for the command, which ends this in its own time
            )

    def __enter__(self) -> Zygote:
        return self

    def wait(self) -> None:
        """Until it has imported everything. Raises ``WorkshopError`` where it has ended instead."""
        with self._waiting:
            self._started = self._started or self._ours.recv(1) == b"+"
            if not self._started:
                raise WorkshopError("The grading process did not start.", hint=f"Its messages: {self._log}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End it, and whatever it has started."""
        self._ours.close()
        self._process.kill()
        self._process.wait()

    def grade(self, job: Job, patience: float) -> dict[str, Any]:
        """The result of :func:`workshop.grading.group.grade`, or ``{"cells": [], "error": …}`` where none came."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                socket.send_fds(self._ours, [b"1" if job.sandboxed else b"0"], [theirs.fileno()])
            group = None
            try:
                group = int(receive(ours, _STARTING).body)
                send(ours, Message(asdict(job)), patience)
                body = receive(ours, patience).body
            except ChannelError as error:
                if group is not None:
                    _end(group)
                return {"cells": [], "error": f"grading this submission ended early: {error}"}
        return dict(body)


def _end(group: int) -> None:
    """End a group that does not answer, and all that it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(group, signal.SIGKILL)


def main(descriptor: int, *libraries: str) -> None:
    linux.die_with_parent()
    for name in libraries:
        importlib.import_module(name)
    gc.freeze()  # a collection in a fork would write to each object imported here, and copy its page: 80 MB, or more
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the groups
    asked = socket.socket(fileno=descriptor)
    asked.sendall(b"+")
    while True:
        raw, descriptors, _, _ = socket.recv_fds(asked, 1, 1)
        if not raw:
            return
        if os.fork() == 0:
            try:
                asked.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _group(socket.socket(fileno=descriptors[0]), raw == b"1")
            finally:
                os._exit(0)
        os.close(descriptors[0])


def _group(channel: socket.socket, sandboxed: bool) -> None:
    linux.die_with_parent()
    send(channel, Message(os.getpid()))
    if sandboxed:
        sandbox.isolate_group()
    nursery = Nursery(sandboxed, [channel.fileno()])  # first, so that it does not inherit what the job holds
    try:
        job = Job.from_dict(receive(channel).body)
        sandbox.limit_own_memory(job.limits.memory_mb // 2)  # an answer that comes in pieces may be endless
        send(channel, Message(grade(job, nursery)))
    except ChannelError:
        return  # nobody waits for the result any more
    except WorkshopError as error:
        send(channel, Message({"cells": [], "error": str(error)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])

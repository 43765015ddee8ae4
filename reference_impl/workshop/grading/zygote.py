"""Has submissions graded by a process that has imported what they need, and forks a group of processes for each.

Little is imported here, so that the process begins its own imports as early as can be.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from workshop.errors import WorkshopError
from workshop.grading.channel import ChannelError, Message, receive, send

if TYPE_CHECKING:
    from workshop.grading.job import Job

ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0",
}  # fmt: skip
"""What libraries are told: no talk, one thread each, no graphics card."""


_STARTING = 60


class Zygote:
    """``with Zygote() as zygote: zygote.prepare(tensorflow=False); zygote.wait(); zygote.grade(job)``.

    It can grade from several threads.
    """

    def __init__(self, log: Path = Path(os.devnull)) -> None:
        """What libraries say while checks run (Kafka's client says when a broker goes) is added to ``log``."""
        self._log = log
        self._started, self._waiting = False, threading.Lock()
        self._ours, theirs = socket.socketpair()
        with theirs, log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "workshop.grading.forking", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**os.environ, **ENVIRONMENT},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,  # Ctrl-C is for the command, which ends this in its own time
            )

    def __enter__(self) -> Zygote:
        return self

    def prepare(self, tensorflow: bool) -> None:
        """Say, once, whether submissions will need TensorFlow: without it, this starts in half the time and memory."""
        with contextlib.suppress(OSError):  # `wait` tells that it has ended
            self._ours.sendall(b"t" if tensorflow else b"-")

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

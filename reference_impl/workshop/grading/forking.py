"""The process behind a ``Zygote``: it imports what submissions need, and forks a group of processes for each of them.

It is started anew for a batch, and knows neither hidden tests nor grades: those come to the forked group later.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
import sys
from collections.abc import Iterable

from workshop.errors import WorkshopError
from workshop.grading import linux, sandbox
from workshop.grading.channel import ChannelError, Message, receive, send
from workshop.grading.group import grade
from workshop.grading.job import Job
from workshop.grading.nursery import Nursery

_LIBRARIES = (
    "numpy", "pandas", "pyarrow", "sklearn.metrics", "sklearn.preprocessing", "confluent_kafka",
    "IPython.core.interactiveshell", "IPython.core.application", "IPython.core.completer", "fraud_pipeline.ingest",
    "fraud_pipeline.prepare", "fraud_pipeline.preprocess", "workshop.checks.ksql_memory",
)  # fmt: skip
_TENSORFLOW = ("tensorflow", "keras", "sklearn.covariance")


def main(descriptor: int) -> None:
    linux.die_with_parent()
    asked = socket.socket(fileno=descriptor)
    _import(_LIBRARIES)
    match asked.recv(1):
        case b"":
            return
        case b"t":
            _import(_TENSORFLOW)
    gc.freeze()  # a collection in a fork would write to each object imported here, and copy its page: 80 MB, or more
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the groups
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


def _import(libraries: Iterable[str]) -> None:
    for name in libraries:
        importlib.import_module(name)


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
    main(int(sys.argv[1]))

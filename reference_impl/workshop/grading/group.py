"""One submission's group of processes: the trusted checker here, the learner's process and a broker in sandboxes.

The checker runs the check cells of the source. Names that they do not define are asked of the learner's process.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import psutil

from workshop.errors import StackError
from workshop.grading.course import Broker, Course
from workshop.grading.job import Job, Starter
from workshop.grading.process import Process

_MB = 2**20


def grade(job: Job, starter: Starter) -> dict[str, Any]:
    """Run the cells in order. The result says of each what was printed, how it failed, and what the checks found.

    With ``unstarted`` in it, nothing of the learner's has run, for want of a Kafka: it says nothing about the learner.

    ``starter`` was made before the job was known: what it starts has never had a hidden test in its memory.
    """
    started: list[Process] = []

    def start() -> Process:
        started.append(starter.start_learner(job))
        return started[-1]

    broker = Broker(starter, job)
    _watch_memory(job, started)
    if job.kafka:
        try:
            broker.connection()
        except StackError as why:
            return {"cells": [], "error": str(why), "unstarted": True}
    found: list[dict[str, Any]] = []
    while len(found) < len(job.cells):
        course = Course(job, start, broker, found)
        course.start()
        found = course.outcome()
    return {"cells": found}


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

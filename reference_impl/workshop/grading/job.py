"""What is to be done for one submission, and who starts the processes for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from workshop.grading.process import Process
from workshop.grading.sandbox import Limits


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

"""Which sandbox there is to grade in, and the engine that has submissions graded there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from workshop.errors import WorkshopError
from workshop.grading import containers, sandbox
from workshop.grading.containers import Containers
from workshop.grading.zygote import Zygote

if TYPE_CHECKING:
    from workshop.assignments.source import Assignment
    from workshop.grading.job import Job


LOG = "grading.log"
"""The file, beside the grades, that holds what libraries have said."""


class GradingError(WorkshopError):
    """The batch cannot be graded as it was asked for."""


class Engine(Protocol):
    """Has a submission graded in processes of its own."""

    def prepare(self, tensorflow: bool) -> None:
        """Say what submissions will need; once, and before ``wait``."""
        ...

    def wait(self) -> None:
        """Until it can grade; any thread may ask. Raises ``WorkshopError`` where it cannot."""
        ...

    def grade(self, job: Job, patience: float) -> dict[str, Any]:
        """The result of :func:`workshop.grading.group.grade`; ``{"cells": [], "error": …}`` where none came."""
        ...

    def stop(self) -> None:
        """End whatever runs."""
        ...


def kind_of_sandbox(wanted: str) -> str:
    """``namespace``, ``docker`` or ``none``. Of the first two, ``auto`` takes namespaces where both can be had.

    There, a submission is forked from a process that has imported everything, where a container begins from nothing;
    and no service that is root has to be trusted. Both lock up with the same means of the same kernel.
    """
    if wanted == "none":
        return wanted
    ways = {"namespace": sandbox.why_unavailable, "docker": containers.why_unavailable}
    reasons = []
    for kind in ways if wanted == "auto" else (wanted,):
        reason = ways[kind]()
        if reason is None:
            return kind
        reasons.append(reason)
    raise GradingError(
        f"Submissions cannot be kept away from this machine: {'; '.join(reasons)}.",
        hint="Grade on Linux, with Docker, or where users may make namespaces (sysctl "
        "kernel.unprivileged_userns_clone=1 and kernel.apparmor_restrict_unprivileged_userns=0, or run as root). "
        "If you trust every learner: --sandbox none",
    )


def need_kafka(assignment: Assignment) -> bool:
    """Whether checks use a Kafka."""
    return tasks_with_kafka(assignment) > 0


def tasks_with_kafka(assignment: Assignment) -> int:
    """How many tasks have checks that use a Kafka. A worked example does not count: it earns nothing, and may want KSQL
    as well."""
    return sum(".kafka()" in task.graded_source for task in assignment.tasks)


@contextmanager
def start(kind: str, log: Path) -> Iterator[Engine]:
    """An engine for that kind of sandbox, starting: ``wait`` says when it has. It is stopped after the block.

    What libraries say is added to ``log``.
    """
    with Containers() if kind == "docker" else Zygote(log) as engine:
        yield engine

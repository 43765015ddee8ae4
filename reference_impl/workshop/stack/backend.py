"""What every backend can do, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from fraud_pipeline.connection import Connection

Report = Callable[[str], None]
"""Takes one line on what is happening now."""


@dataclass(frozen=True)
class ServiceStatus:
    """One service, as `workshop status` shows it; ``pid``, ``memory_mb`` and ``log`` of our own processes only."""

    name: str
    address: str
    healthy: bool
    pid: int | None = None
    memory_mb: int | None = None
    log: str | None = None


class Backend(Protocol):
    """A streaming platform that can be brought up, looked at and taken down."""

    @property
    def name(self) -> str: ...

    def up(self, report: Report) -> Connection:
        """Bring up what is not up yet, wait until it is healthy, and record it. Safe to repeat."""
        ...

    def down(self, report: Report) -> None:
        """Stop it; its data stays."""
        ...

    def status(self) -> list[ServiceStatus]: ...

    def reset(self, report: Report) -> None:
        """Stop it and delete its data."""
        ...

"""What came of a task's checks: values that can be shown, stored and compared."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How an item, or a whole task, stands."""

    CORRECT = "correct"
    PARTIAL = "partly correct"
    INCORRECT = "incorrect"
    NOT_ATTEMPTED = "not attempted"


@dataclass(frozen=True)
class Item:
    """One check. ``message`` teaches; ``detail`` is what was expected and what came, and may give answers away.

    With ``detail_hidden`` the detail is no more for the learner than hidden checks are.
    """

    what: str
    status: Status
    message: str = ""
    detail: str = ""
    weight: float = 1
    hidden: bool = False
    detail_hidden: bool = False

    @property
    def passed(self) -> bool:
        return self.status is Status.CORRECT


@dataclass(frozen=True)
class TaskReport:
    """All checks of one task; ``points`` is the most that it can give."""

    task: str
    points: float
    items: tuple[Item, ...] = ()

    @property
    def score(self) -> float:
        """Points by the share of weight that passed; a task without checks earns nothing."""
        whole = sum(item.weight for item in self.items)
        if not whole:
            return 0
        earned = round(self.points * sum(item.weight for item in self.items if item.passed) / whole, 2)
        return int(earned) if earned == int(earned) else earned

    @property
    def status(self) -> Status:
        passed = [item.passed for item in self.items]
        if passed and all(passed):
            return Status.CORRECT
        if not any(passed) and any(item.status is Status.NOT_ATTEMPTED for item in self.items):
            return Status.NOT_ATTEMPTED
        return Status.PARTIAL if any(passed) else Status.INCORRECT

    @property
    def failing(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.passed)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            **asdict(self),
            "items": [asdict(item) for item in self.items],
            "score": self.score,
            "status": self.status,
        }

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> TaskReport:
        """The inverse of :meth:`as_dict`."""
        items = tuple(Item(**{**item, "status": Status(item["status"])}) for item in raw["items"])
        return cls(raw["task"], raw["points"], items)

"""The plans of the instructor guide: which chapter when, with breaks, from the minutes that chapters state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

LONGEST = 115
"""Minutes without a break, at most; only a chapter that is longer by itself has its break inside."""

BREAK = 15
"""Minutes of a break. Where a day has lunch, the break nearest its middle is lunch, whose time is not counted."""


@dataclass(frozen=True)
class Part:
    """What a class does with one chapter: ``talk`` minutes of listening and predicting, ``tasks`` minutes of tasks."""

    name: str
    talk: int
    tasks: int

    @property
    def minutes(self) -> int:
        return self.talk + self.tasks


@dataclass(frozen=True)
class Pause:
    """A break; lunch where ``minutes`` is 0."""

    minutes: int = BREAK


@dataclass(frozen=True)
class Day:
    rows: tuple[Part | Pause, ...]

    @property
    def taught(self) -> int:
        return sum(row.minutes for row in self.rows if isinstance(row, Part))

    @property
    def minutes(self) -> int:
        """All of it, breaks too, without lunch."""
        return sum(row.minutes for row in self.rows)


def day_of(parts: Sequence[Part], lunch: bool) -> Day:
    """The parts in their order, with a break before each that would make it longer than ``LONGEST`` without one."""
    rows: list[Part | Pause] = []
    since, taught, breaks = 0, 0, {}
    for part in parts:
        if since and since + part.minutes > LONGEST:
            breaks[len(rows)] = taught
            rows.append(Pause())
            since = 0
        rows.append(part)
        since, taught = since + part.minutes, taught + part.minutes
    if lunch and breaks:
        middle = min(breaks, key=lambda row: abs(breaks[row] - taught / 2))
        rows[middle] = Pause(0)
    return Day(tuple(rows))


def days_of(parts: Sequence[Part], minutes: int, days: int) -> list[Day]:
    """``parts`` over ``days`` of at most ``minutes`` each; raises ``ValueError`` where they do not fit.

    A day is filled as far as it goes. Days of more than five hours have lunch.
    """
    lunch, plan, rest = minutes > 300, [], list(parts)
    for _ in range(days):
        count = max((n for n in range(len(rest) + 1) if day_of(rest[:n], lunch).minutes <= minutes), default=0)
        plan.append(day_of(rest[:count], lunch))
        rest = rest[count:]
    if rest:
        raise ValueError(f"no room for {', '.join(part.name for part in rest)} in {days} × {minutes} minutes")
    return plan


def at_home(parts: Sequence[Part], names: Sequence[str]) -> list[Part]:
    """``parts``, of which those in ``names`` leave their tasks for later. Raises ``ValueError`` for an unknown name."""
    if unknown := set(names) - {part.name for part in parts}:
        raise ValueError(f"not in this plan: {', '.join(sorted(unknown))}")
    return [replace(part, tasks=0) if part.name in names else part for part in parts]

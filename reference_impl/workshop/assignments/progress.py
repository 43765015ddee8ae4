"""What a learner has reached, and which hints were told: one JSON file in the work folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workshop.checks.outcomes import TaskReport


class Progress:
    """Kept in ``home``; a file that is damaged counts as none, since it can be made again by checking."""

    def __init__(self, home: Path) -> None:
        self._path = home / "progress.json"
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            kept = {}
        self._kept: dict[str, Any] = {"hints": {}, "tasks": {}} | (kept if isinstance(kept, dict) else {})

    def record(self, assignment: str, reports: Iterable[TaskReport]) -> None:
        """Keep how the tasks stand now."""
        tasks = self._kept["tasks"].setdefault(assignment, {})
        for report in reports:
            tasks[report.task] = {"status": report.status, "score": report.score, "points": report.points}
        self._save()

    def tasks(self, assignment: str) -> dict[str, dict[str, Any]]:
        """Status, score and points of the tasks that were checked."""
        found: dict[str, dict[str, Any]] = self._kept["tasks"].get(assignment, {})
        return found

    def next_hint(self, assignment: str, task: str, most: int) -> int:
        """How many hints to show now: one more than last time, at most ``most``."""
        told = self._kept["hints"].setdefault(assignment, {})
        told[task] = min(told.get(task, 0) + 1, most)
        self._save()
        return int(told[task])

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".tmp")
        draft.write_text(json.dumps(self._kept, indent=2), encoding="utf-8")
        os.replace(draft, self._path)

"""Stream with stream: rows of equal key within a span of time, inner, left, right and full outer."""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Callable
from typing import Any

from pocket_ksql.hashing import hashable

Key = tuple[Any, ...]
Row = tuple[Any, ...]
EmitJoined = Callable[[Key, Row | None, Row | None, int], None]

DEFAULT_GRACE = 86_400_000


class StreamStreamJoin:
    """Buffers both sides. Without a grace period an unmatched row of an outer side is emitted at once; with one, when
    its window has closed."""

    def __init__(self, kind: str, before: int, after: int, grace: int | None) -> None:
        self.keep_left = kind in ("LEFT", "OUTER")
        self.keep_right = kind in ("RIGHT", "OUTER")
        self.before, self.after = before, after
        self.eager = grace is None
        self.grace = max(DEFAULT_GRACE - before - after, 0) if grace is None else grace
        self.stream_time = -1
        self.emit: EmitJoined = lambda key, left, right, timestamp: None
        self._left: dict[Any, list[tuple[int, int, Row]]] = {}
        self._right: dict[Any, list[tuple[int, int, Row]]] = {}
        self._waiting: deque[tuple[int, int, bool, Key, Row]] = deque()
        self._count = 0

    def left(self, key: Key, row: Row, timestamp: int) -> None:
        self._arrive(key, row, timestamp, is_left=True)

    def right(self, key: Key, row: Row, timestamp: int) -> None:
        self._arrive(key, row, timestamp, is_left=False)

    def _arrive(self, key: Key, row: Row, timestamp: int, is_left: bool) -> None:
        self.stream_time = max(self.stream_time, timestamp)
        span = (self.before, self.after) if is_left else (self.after, self.before)
        if timestamp + span[1] < self.stream_time - self.grace:
            if not self.eager and (self.keep_left if is_left else self.keep_right):
                self._emit_alone(key, row, timestamp, is_left)  # too late to meet anything, but not lost
            return
        own, other = (self._left, self._right) if is_left else (self._right, self._left)
        known = hashable(key)
        self._count += 1
        number = self._count
        insort(own.setdefault(known, []), (timestamp, number, row), key=lambda entry: entry[:2])
        if not self.eager:
            self._release()
        matched = False
        for when, other_number, match in list(other.get(known, ())):
            if timestamp - span[0] <= when <= timestamp + span[1]:
                matched = True
                self._forget_waiting(other_number)
                pair = (row, match) if is_left else (match, row)
                self.emit(key, *pair, max(timestamp, when))
        if not matched and (self.keep_left if is_left else self.keep_right):
            if self.eager or timestamp + span[1] < self.stream_time - self.grace:
                self._emit_alone(key, row, timestamp, is_left)
            else:
                self._waiting.append((timestamp, number, is_left, key, row))
        self._expire()

    def _emit_alone(self, key: Key, row: Row, timestamp: int, is_left: bool) -> None:
        self.emit(key, row if is_left else None, None if is_left else row, timestamp)

    def _forget_waiting(self, number: int) -> None:
        for entry in self._waiting:
            if entry[1] == number:
                self._waiting.remove(entry)
                return

    def _release(self) -> None:
        """Emit unmatched rows whose window has closed, oldest first."""
        for entry in sorted(self._waiting, key=lambda one: one[:2]):
            timestamp, _, is_left, key, row = entry
            span = self.after if is_left else self.before
            if timestamp + span + self.grace < self.stream_time:
                self._waiting.remove(entry)
                self._emit_alone(key, row, timestamp, is_left)

    def _expire(self) -> None:
        if self._count % 1024:
            return
        limit = self.stream_time - self.grace - self.before - self.after
        for side in (self._left, self._right):
            for known in list(side):
                side[known] = [entry for entry in side[known] if entry[0] >= limit]
                if not side[known]:
                    del side[known]

    def flush(self) -> None:
        """Emit every unmatched row that still waits, as if time had ended."""
        self.stream_time = 1 << 62
        self._release()

"""Stream with stream: rows of equal key within a span of time, inner, left, right and full outer."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from typing import Any

from pocket_ksql.hashing import hashable
from pocket_ksql.operators.store import Store

Key = tuple[Any, ...]
Row = tuple[Any, ...]
EmitJoined = Callable[[Key, Row | None, Row | None, int], None]
Entry = tuple[bool, int, Key, Row, bool]
"""A buffered row as the store keeps it: of the left?, time, key, row, waiting for a match?"""

DEFAULT_GRACE = 86_400_000

_TIME: Key = ()
"""The store's key for stream time; rows have their number as key."""

_NEVER = 1 << 62


class StreamStreamJoin:
    """Buffers both sides. Without a grace period an unmatched row of an outer side is emitted at once; with one, when
    its window has closed. ``store`` holds all of it; the buffers by key are an index of the store."""

    def __init__(self, name: str, kind: str, before: int, after: int, grace: int | None) -> None:
        self.keep_left = kind in ("LEFT", "OUTER")
        self.keep_right = kind in ("RIGHT", "OUTER")
        self.before, self.after = before, after
        self.eager = grace is None
        self.grace = max(DEFAULT_GRACE - before - after, 0) if grace is None else grace
        self.stream_time = -1
        self.emit: EmitJoined = lambda key, left, right, timestamp: None
        self.store = Store(name)
        self.store.restored = self._restored
        self._left: dict[Any, list[tuple[int, int, Row]]] = {}
        self._right: dict[Any, list[tuple[int, int, Row]]] = {}
        self._waiting: dict[int, Entry] = {}
        self._next_due = _NEVER
        self._count = 0

    def left(self, key: Key, row: Row, timestamp: int) -> None:
        self._arrive(key, row, timestamp, is_left=True)

    def right(self, key: Key, row: Row, timestamp: int) -> None:
        self._arrive(key, row, timestamp, is_left=False)

    def _arrive(self, key: Key, row: Row, timestamp: int, is_left: bool) -> None:
        if None in key:
            # Such a row never meets another. (Kafka Streams keeps those of an outer side since 3.7: KIP-962.)
            if self.keep_left if is_left else self.keep_right:
                self._emit_alone(key, row, timestamp, is_left)
            return
        if timestamp > self.stream_time:
            self.stream_time = timestamp
            self.store.put(_TIME, timestamp)
        span = (self.before, self.after) if is_left else (self.after, self.before)
        if timestamp + span[1] < self.stream_time - self.grace:
            if not self.eager and (self.keep_left if is_left else self.keep_right):
                self._emit_alone(key, row, timestamp, is_left)  # too late to meet anything, but not lost
            return
        self._count += 1
        number = self._count
        self._buffer(number, is_left, timestamp, key, row)
        if not self.eager:
            self._release()
        other = self._right if is_left else self._left
        matched = False
        for when, other_number, match in list(other.get(hashable(key), ())):
            if timestamp - span[0] <= when <= timestamp + span[1]:
                matched = True
                self._forget_waiting(other_number)
                pair = (row, match) if is_left else (match, row)
                self.emit(key, *pair, max(timestamp, when))
        waits = False
        if not matched and (self.keep_left if is_left else self.keep_right):
            if self.eager or timestamp + span[1] < self.stream_time - self.grace:
                self._emit_alone(key, row, timestamp, is_left)
            else:
                waits = True
        entry = (is_left, timestamp, key, row, waits)
        self.store.put((number,), entry)
        if waits:
            self._wait(number, entry)
        self._expire()

    def _emit_alone(self, key: Key, row: Row, timestamp: int, is_left: bool) -> None:
        self.emit(key, row if is_left else None, None if is_left else row, timestamp)

    def _buffer(self, number: int, is_left: bool, timestamp: int, key: Key, row: Row) -> None:
        side = self._left if is_left else self._right
        insort(side.setdefault(hashable(key), []), (timestamp, number, row), key=lambda entry: entry[:2])

    def _wait(self, number: int, entry: Entry) -> None:
        self._waiting[number] = entry
        self._next_due = min(self._next_due, self._due(entry))

    def _due(self, entry: Entry) -> int:
        """The last stream time at which the row may still meet another."""
        return entry[1] + (self.after if entry[0] else self.before) + self.grace

    def _forget_waiting(self, number: int) -> None:
        entry = self._waiting.pop(number, None)
        if entry is not None:
            self.store.put((number,), (*entry[:4], False))

    def _release(self) -> None:
        """Emit unmatched rows whose window has closed, oldest first."""
        if self._next_due >= self.stream_time:
            return
        due = [(entry[1], number) for number, entry in self._waiting.items() if self._due(entry) < self.stream_time]
        for timestamp, number in sorted(due):
            is_left, _, key, row, _ = self._waiting[number]
            self._forget_waiting(number)
            self._emit_alone(key, row, timestamp, is_left)
        self._next_due = min(map(self._due, self._waiting.values()), default=_NEVER)

    def _expire(self) -> None:
        if self._count % 1024:
            return
        limit = self.stream_time - self.grace - self.before - self.after
        for side in (self._left, self._right):
            for known, entries in list(side.items()):
                kept = [entry for entry in entries if entry[0] >= limit]
                for _, number, _ in entries[: len(entries) - len(kept)]:
                    self.store.put((number,), None)
                if kept:
                    side[known] = kept
                else:
                    del side[known]

    def _restored(self, key: Key, old: Any, new: Any) -> None:
        """Bring the index up to one change of the store."""
        if key == _TIME:
            self.stream_time = new
            return
        (number,) = key
        self._count = max(self._count, number)
        if old is not None:
            self._unbuffer(number, *old[:3])
            self._waiting.pop(number, None)
        if new is not None:
            self._buffer(number, *new[:4])
            if new[4]:
                self._wait(number, new)

    def _unbuffer(self, number: int, is_left: bool, timestamp: int, key: Key) -> None:
        side, known = self._left if is_left else self._right, hashable(key)
        side[known] = [entry for entry in side[known] if entry[1] != number]
        if not side[known]:
            del side[known]

    def flush(self) -> None:
        """Emit every unmatched row that still waits, as if time had ended."""
        self.stream_time = _NEVER + 1
        self._release()

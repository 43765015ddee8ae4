"""Stream with stream: rows of equal key within a span of time, inner, left, right and full outer."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from typing import Any

from pocket_ksql.hashing import hashable, stored_order
from pocket_ksql.operators.store import Store

Key = tuple[Any, ...]
Row = tuple[Any, ...]
EmitJoined = Callable[[Key, Row | None, Row | None, int], None]
Entry = tuple[bool, int, Key, Row, bool]
"""A buffered row as the store keeps it: of the left?, time, key, row, waiting for a match?"""

DEFAULT_GRACE = 86_400_000

_TIME: Key = ()
"""The store's key for stream time; rows have their number as key."""

_NEWEST: dict[bool, Key] = {True: ("left",), False: ("right",)}
"""The store's keys for the time of each side's newest row."""

_NEVER = 1 << 62

_EXPIRE_AT_LEAST = 60_000
"""Stream time between two looks for rows that are past, at the least."""

Place = tuple[int, bool, list[bytes], int]
"""Where a row stands among those that wait: by time, the right's before the left's, then by key."""


def _place(number: int, entry: Entry) -> Place:
    is_left, timestamp, key, _, _ = entry
    return timestamp, is_left, stored_order(key), number


class StreamStreamJoin:
    """Buffers both sides. Without a grace period an unmatched row of an outer side is emitted at once; with one, when
    its window has closed. ``store`` holds all of it; the buffers by key are an index of the store.

    When rows are let go, in which order, and how long they can be met, is as in Kafka Streams 4.1, whose rules are its
    own: a late row still meets what the other side's buffer holds, and one that can meet only what has passed already
    does not wait for the grace period.
    """

    def __init__(self, name: str, kind: str, before: int, after: int, grace: int | None) -> None:
        self.keep_left = kind in ("LEFT", "OUTER")
        self.keep_right = kind in ("RIGHT", "OUTER")
        self.before, self.after = before, after
        self.eager = grace is None
        self.grace = max(DEFAULT_GRACE - before - after, 0) if grace is None else grace
        self.retention = before + after + self.grace
        self.stream_time = -1
        self.emit: EmitJoined = lambda key, left, right, timestamp: None
        self.store = Store(name)
        self.store.restored = self._restored
        self._left: dict[Any, list[tuple[int, int, Row]]] = {}
        self._right: dict[Any, list[tuple[int, int, Row]]] = {}
        self._newest = {True: -1, False: -1}
        """The time of the newest row that each side's buffer has seen; the left's under True."""
        self._waiting: dict[int, Entry] = {}
        self._in_order: list[Place] = []
        """The places of the rows that wait, sorted."""
        self._earliest = _NEVER
        self._expire_at = 0
        self._count = 0

    def left(self, key: Key, row: Row, timestamp: int) -> None:
        self._arrive(key, row, timestamp, is_left=True)

    def right(self, key: Key, row: Row, timestamp: int) -> None:
        self._arrive(key, row, timestamp, is_left=False)

    def pass_time(self, timestamp: int) -> None:
        """Take notice of the time of a record; one without a value comes no further."""
        if timestamp > self.stream_time:
            self.stream_time = timestamp
            self.store.put(_TIME, timestamp)

    def _arrive(self, key: Key, row: Row, timestamp: int, is_left: bool) -> None:
        self.pass_time(timestamp)
        kept = self.keep_left if is_left else self.keep_right
        if None in key:
            # Such a row never meets another. (Kafka Streams keeps those of an outer side since 3.7: KIP-962.)
            if kept:
                self._emit_alone(key, row, timestamp, is_left)
            return
        behind, ahead = (self.before, self.after) if is_left else (self.after, self.before)
        if not self.eager and timestamp == self.stream_time:
            self._release(ahead)
        matched = self._meet(key, row, (timestamp - behind, timestamp, timestamp + ahead), is_left)
        waits = kept and not matched and not self.eager and timestamp + ahead >= self.stream_time
        if kept and not matched and not waits:
            self._emit_alone(key, row, timestamp, is_left)
        self._count += 1
        entry = (is_left, timestamp, key, row, waits)
        self._buffer(self._count, is_left, timestamp, key, row)
        self.store.put((self._count,), entry)
        if timestamp > self._newest[is_left]:
            self._newest[is_left] = timestamp
            self.store.put(_NEWEST[is_left], timestamp)
        if waits:
            self._wait(self._count, entry)
        self._expire()

    def _meet(self, key: Key, row: Row, span: tuple[int, int, int], is_left: bool) -> bool:
        """Emit the row with all that it meets from the first to the last time of ``span``; whether there is any."""
        first, timestamp, last = span
        first = max(first, self._newest[not is_left] - self.retention + 1)
        matched = False
        for when, number, match in list((self._right if is_left else self._left).get(hashable(key), ())):
            if first <= when <= last:
                matched = True
                self._forget_waiting(number)
                pair = (row, match) if is_left else (match, row)
                self.emit(key, *pair, max(timestamp, when))
        return matched

    def _emit_alone(self, key: Key, row: Row, timestamp: int, is_left: bool) -> None:
        self.emit(key, row if is_left else None, None if is_left else row, timestamp)

    def _buffer(self, number: int, is_left: bool, timestamp: int, key: Key, row: Row) -> None:
        side = self._left if is_left else self._right
        insort(side.setdefault(hashable(key), []), (timestamp, number, row), key=lambda entry: entry[:2])

    def _wait(self, number: int, entry: Entry) -> None:
        self._waiting[number] = entry
        insort(self._in_order, _place(number, entry))
        self._earliest = min(self._earliest, entry[1])

    def _forget_waiting(self, number: int) -> None:
        entry = self._waiting.pop(number, None)
        if entry is not None:
            self._unlist(number, entry)
            self.store.put((number,), (*entry[:4], False))

    def _unlist(self, number: int, entry: Entry) -> None:
        del self._in_order[bisect_left(self._in_order, _place(number, entry))]

    def _release(self, ahead: int) -> None:
        """Emit unmatched rows whose window has closed, oldest first.

        ``ahead`` is how far after its own time the row that has just come may meet others. The last row that was
        looked at says when it is time to look again, so that looking costs little, and some rows come a little later
        than they could.
        """
        if self._earliest + ahead + self.grace >= self.stream_time:
            return
        self._earliest = _NEVER
        open_sides: set[bool] = set()
        for timestamp, is_left, _, number in list(self._in_order):
            self._earliest = timestamp
            if len(open_sides) == 2:
                break
            if timestamp + (self.after if is_left else self.before) + self.grace >= self.stream_time:
                open_sides.add(is_left)
                continue
            _, _, key, row, _ = self._waiting[number]
            self._forget_waiting(number)
            self._emit_alone(key, row, timestamp, is_left)

    def _expire(self) -> None:
        if self.stream_time < self._expire_at:
            return
        # As often as Kafka Streams drops a segment of a store: the cost of a look is spread over many rows.
        self._expire_at = self.stream_time + max(self.retention // 2, _EXPIRE_AT_LEAST)
        for is_left, side in ((True, self._left), (False, self._right)):
            limit = self._newest[is_left] - self.retention
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
        for is_left, name in _NEWEST.items():
            if key == name:
                self._newest[is_left] = new
                return
        (number,) = key
        self._count = max(self._count, number)
        if old is not None:
            self._unbuffer(number, *old[:3])
            if self._waiting.pop(number, None) is not None:
                self._unlist(number, old)
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
        self.stream_time = _NEVER
        self._earliest = 0
        self._release(0)

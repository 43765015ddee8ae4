"""GROUP BY in tumbling and hopping windows, and in sessions."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from typing import Any

from pocket_ksql.hashing import hashable, stored_order
from pocket_ksql.operators.aggregate import Aggregator, Key, KeyedAggregation, Values
from pocket_ksql.operators.store import Store

DEFAULT_GRACE = 86_400_000
"""How long a window without a GRACE PERIOD takes late records, counted from its start at the least."""

DEFAULT_RETENTION = 7 * 86_400_000
"""How long windows and sessions stay readable for pull queries, at the least; as their topic keeps them."""

_SWEEP_AT_LEAST = 60_000
"""Stream time between two looks for what has expired, at the least."""


class _Timed(KeyedAggregation):
    """Windows have a stream time, and with EMIT FINAL hold back what may still change.

    ``open_for`` is how long after its end a row may still change a window, ``retention`` how long after its start
    it can be read, both in milliseconds of stream time. What is past both is forgotten, so that memory is bounded by
    the keys of that span; ``forgotten`` is told of it.
    """

    def __init__(
        self, name: str, aggregators: Sequence[Aggregator], final: bool, open_for: int, retention: int | None
    ) -> None:
        super().__init__(name, aggregators)
        self.final = final
        self.stream_time = -1
        self.forgotten: Callable[[Key], None] = _unknown
        self._open_for = open_for
        self._readable_for = max(DEFAULT_RETENTION, retention or 0)
        self._sweep_at = _NEVER
        self._progress = Store(f"{name}-progress")
        """Stream time under the key ``_TIME``; under a window's key, that it is held back."""
        self._progress.restored = self._restore_progress
        self.stores.append(self._progress)
        self._next_end = _NEVER

    def _advance(self, timestamp: int) -> None:
        if timestamp > self.stream_time:
            self.stream_time = timestamp
            self._progress.put(_TIME, timestamp)
            if timestamp >= self._sweep_at:
                self._sweep()
            elif self._sweep_at == _NEVER:
                self._plan_sweep()

    def _plan_sweep(self) -> None:
        # As often as Kafka Streams drops a segment of a store: the cost of a look is spread over many rows.
        self._sweep_at = self.stream_time + max(self._readable_for // 2, _SWEEP_AT_LEAST)

    def _sweep(self) -> None:
        """Forget windows that no row can change and nobody may read any more."""
        unchangeable, unreadable = self.stream_time - self._open_for, self.stream_time - self._readable_for
        past = [full for full, _ in self.store.items() if full[-1] < unchangeable and full[-2] < unreadable]
        for full in past:
            if self._progress.get(full) is None:  # not held back for EMIT FINAL
                self.store.put(full, None)
                self._forget(full)
                self.forgotten(full)
        self._plan_sweep()

    def _forget(self, full: Key) -> None:
        """Take a window out of what else is known of it."""

    def _hold(self, full: Key) -> None:
        if self._progress.get(full) is None:
            self._progress.put(full, _HELD)
            self._next_end = min(self._next_end, full[-1])

    def _release_until(self, closed: int, earliest_start: int = 0) -> None:
        """Let go of what is held back and ended by ``closed``, in the order in which Kafka Streams stores it."""
        if self._next_end > closed:
            return
        held = [full for full, _ in self._progress.items() if full != _TIME]
        done = [full for full in held if full[-1] <= closed]
        for full in sorted(done, key=lambda one: (one[-1], one[-2], stored_order(one[:-2]))):
            self._progress.put(full, None)
            if full[-2] >= earliest_start:
                states, timestamp = self.store.get(full)
                self.emit(full, self._values(states), None, timestamp)
        self._next_end = min((full[-1] for full in held if full[-1] > closed), default=_NEVER)

    def _restore_progress(self, key: Key, old: int | None, new: int | None) -> None:
        if key == _TIME:
            self.stream_time = new or 0
        elif new is not None:
            self._next_end = min(self._next_end, key[-1])


def _unknown(full: Key) -> None:
    """Nobody keeps results of windows."""


_TIME: Key = ()
_HELD = 1
_NEVER = 1 << 62


class WindowedAggregation(_Timed):
    """Aggregates in tumbling or hopping windows; late rows are dropped once ``grace`` after the end has passed."""

    def __init__(
        self,
        name: str,
        aggregators: Sequence[Aggregator],
        size: int,
        advance: int,
        grace: int | None,
        final: bool = False,
        retention: int | None = None,
    ) -> None:
        self.size, self.advance = size, advance
        self.grace = max(DEFAULT_GRACE - size, 0) if grace is None else grace
        super().__init__(name, aggregators, final, self.grace, retention)
        self.retention = max(size + self.grace, retention or 0)

    def add(self, key: Key, timestamp: int, *rows: Values) -> None:
        self._advance(timestamp)
        closed = self.stream_time - self.grace
        start = max(0, timestamp - self.size + self.advance) // self.advance * self.advance
        while start <= timestamp:
            if start + self.size > closed:
                self._add_to(key, start, timestamp, rows)
            start += self.advance
        if self.final:
            self._release(closed)

    def _add_to(self, key: Key, start: int, timestamp: int, rows: Sequence[Values]) -> None:
        full = (*key, start, start + self.size)
        entry = self.store.get(full)
        states = self._initial() if entry is None else entry[0]
        if entry is not None and entry[1] > timestamp:
            timestamp = entry[1]
        changed = self._add(states, rows)
        self.store.put(full, (changed, timestamp))
        if self.final:
            self._hold(full)
        else:
            self.emit(full, self._values(changed), None if entry is None else self._values(states), timestamp)

    def _release(self, closed: int) -> None:
        """Let go of windows that no row can reach any more, earliest first.

        As in Kafka Streams, a window that starts more than the retention before the newest one is gone by then.
        """
        newest_start = self.stream_time // self.advance * self.advance
        self._release_until(closed, newest_start - self.retention)

    def flush(self) -> None:
        """Let go of every window, as if time had ended."""
        self._release_until(_NEVER)


class SessionAggregation(_Timed):
    """Aggregates in sessions: rows of a key with less than ``gap`` between them belong together."""

    def __init__(
        self,
        name: str,
        aggregators: Sequence[Aggregator],
        gap: int,
        grace: int | None,
        final: bool = False,
        retention: int | None = None,
    ) -> None:
        self.gap = gap
        self.grace = max(DEFAULT_GRACE - gap, 0) if grace is None else grace
        super().__init__(name, aggregators, final, self.grace + gap, retention)
        self._sessions: dict[Any, list[Key]] = {}
        self.store.restored = self._restore_session

    def add(self, key: Key, timestamp: int, *rows: Values) -> None:
        self._advance(timestamp)
        closed = self.stream_time - self.grace - self.gap
        known = hashable(key)
        near: list[Key] = []
        far: list[Key] = []
        for session in self._sessions.get(known, []):
            touches = session[-2] - self.gap <= timestamp <= session[-1] + self.gap and session[-1] >= closed
            (near if touches else far).append(session)
        start, end = timestamp, timestamp
        states = self._initial()
        for session in near:
            start, end = min(start, session[-2]), max(end, session[-1])
        if end < closed:
            return
        newest = timestamp
        for session in near:
            other, when = self.store.get(session)
            newest = max(newest, when)
            states = [one.merge(a, b) for one, a, b in zip(self.aggregators, states, other, strict=True)]
        changed = self._add(states, rows)
        full = (*key, start, end)
        if (start, end) != (timestamp, timestamp):
            # Kafka Streams takes back what a row joins, even where the bounds stay what they are.
            for session in near:
                self._remove(session)
        self._sessions[known] = sorted([*far, full], key=_bounds)
        self.store.put(full, (changed, newest))
        if self.final:
            self._hold(full)
            self._release_until(closed - 1)
        else:
            self.emit(full, self._values(changed), None, newest)

    def _forget(self, full: Key) -> None:
        known = hashable(full[:-2])
        others = [session for session in self._sessions.get(known, ()) if session != full]
        if others:
            self._sessions[known] = others
        else:
            self._sessions.pop(known, None)

    def _remove(self, session: Key) -> None:
        entry = self.store.get(session)
        self.store.put(session, None)
        if self.final:
            self._progress.put(session, None)
        else:
            self.emit(session, None, self._values(entry[0]), entry[1])

    def _restore_session(self, key: Key, old: Any, new: Any) -> None:
        sessions = self._sessions.setdefault(hashable(key[:-2]), [])
        if old is None and new is not None:
            insort(sessions, key, key=_bounds)
        elif old is not None and new is None:
            sessions.remove(key)

    def flush(self) -> None:
        """Let go of every session, as if time had ended."""
        self._release_until(_NEVER)


def _bounds(session: Key) -> Key:
    return session[-2:]

"""GROUP BY: aggregates over all time, in tumbling and hopping windows, and in sessions.

An aggregate's state is kept per key. ``emit(key, new, old, timestamp)`` is called for every change; the key ends
with the window's bounds where there is a window. All that an operator remembers is in its ``stores``.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from pocket_ksql.hashing import hashable
from pocket_ksql.operators.store import Store
from pocket_ksql.types import SqlType

Key = tuple[Any, ...]
Values = tuple[Any, ...]
Emit = Callable[[Key, Values | None, Values | None, int], None]

DEFAULT_GRACE = 86_400_000
"""How long a window without a GRACE PERIOD takes late records, counted from its start at the least."""


class Aggregator(Protocol):
    """One aggregate function with its constant arguments. States are values that a store can keep."""

    def initial(self) -> Any:
        """The state before the first row."""

    def add(self, state: Any, *values: Any) -> Any:
        """The state after one more row."""

    def result(self, state: Any) -> Any:
        """The aggregate's value."""

    def merge(self, left: Any, right: Any) -> Any:
        """The state of two sessions that became one."""

    def stored(self) -> SqlType | None:
        """Type of the state where ksqlDB keeps it."""

    def undo(self, state: Any, *values: Any) -> Any:
        """The state without a row that a table no longer has."""


class _Base:
    def __init__(self, name: str, aggregators: Sequence[Aggregator]) -> None:
        self.store = Store(name)
        self.stores = [self.store]
        self.aggregators = list(aggregators)
        self.emit: Emit = _nowhere
        self._adds = [one.add for one in aggregators]
        self._results = [one.result for one in aggregators]

    def _initial(self) -> list[Any]:
        return [one.initial() for one in self.aggregators]

    def _add(self, states: Sequence[Any], rows: Sequence[Values]) -> list[Any]:
        return [add(state, *row) for add, state, row in zip(self._adds, states, rows, strict=True)]

    def _values(self, states: Sequence[Any] | None) -> Values | None:
        if states is None:
            return None
        return tuple([result(state) for result, state in zip(self._results, states, strict=True)])


def _nowhere(key: Key, new: Values | None, old: Values | None, timestamp: int) -> None:
    """Where changes go until the operator is joined to what follows."""


class Aggregation(_Base):
    """Aggregates over all time, of a stream (``add``) or of a table (``change``)."""

    def add(self, key: Key, timestamp: int, *rows: Values) -> None:
        """One row of a stream; ``rows`` holds one tuple of arguments for each aggregate."""
        entry = self.store.get(key)
        states = self._initial() if entry is None else entry[0]
        if entry is not None and entry[1] > timestamp:
            timestamp = entry[1]
        changed = self._add(states, rows)
        self.store.put(key, (changed, timestamp))
        self.emit(key, self._values(changed), None if entry is None else self._values(states), timestamp)

    def change(
        self, old: tuple[Key, tuple[Values, ...]] | None, new: tuple[Key, tuple[Values, ...]] | None, timestamp: int
    ) -> None:
        """A row of a table that changed: its old group and arguments, its new ones."""
        if old is not None and new is not None and old[0] == new[0]:
            self._table_step(old[0], old[1], new[1], timestamp)
            return
        if old is not None:
            self._table_step(old[0], old[1], None, timestamp)
        if new is not None:
            self._table_step(new[0], None, new[1], timestamp)

    def _table_step(
        self, key: Key, removed: tuple[Values, ...] | None, added: tuple[Values, ...] | None, timestamp: int
    ) -> None:
        entry = self.store.get(key)
        states = self._initial() if entry is None else entry[0]
        if entry is not None and entry[1] > timestamp:
            timestamp = entry[1]
        changed = list(states)
        if removed is not None and entry is not None:
            changed = [
                one.undo(state, *row) for one, state, row in zip(self.aggregators, changed, removed, strict=True)
            ]
        if added is not None:
            changed = self._add(changed, added)
        self.store.put(key, (changed, timestamp))
        self.emit(key, self._values(changed), None if entry is None else self._values(states), timestamp)


class _Timed(_Base):
    """Windows have a stream time, and with EMIT FINAL hold back what may still change."""

    def __init__(self, name: str, aggregators: Sequence[Aggregator], final: bool) -> None:
        super().__init__(name, aggregators)
        self.final = final
        self.stream_time = -1
        self._progress = Store(f"{name}-progress")
        """Stream time under the key ``_TIME``; under a window's key, its number in the order of holding back."""
        self._progress.restored = self._restore_progress
        self.stores.append(self._progress)
        self._held = 0
        self._next_end = _NEVER

    def _advance(self, timestamp: int) -> None:
        if timestamp > self.stream_time:
            self.stream_time = timestamp
            self._progress.put(_TIME, timestamp)

    def _hold(self, full: Key) -> None:
        if self._progress.get(full) is None:
            self._held += 1
            self._progress.put(full, self._held)
            self._next_end = min(self._next_end, full[-1])

    def _release_until(self, closed: int, earliest_start: int = 0) -> None:
        """Let go of what is held back and ended by ``closed``, earliest end first."""
        if self._next_end > closed:
            return
        held = [(full, number) for full, number in self._progress.items() if full != _TIME]
        done = [(full[-1], number, full) for full, number in held if full[-1] <= closed]
        for _, _, full in sorted(done, key=lambda one: one[:2]):
            self._progress.put(full, None)
            if full[-2] >= earliest_start:
                states, timestamp = self.store.get(full)
                self.emit(full, self._values(states), None, timestamp)
        self._next_end = min((full[-1] for full, _ in held if full[-1] > closed), default=_NEVER)

    def _restore_progress(self, key: Key, old: int | None, new: int | None) -> None:
        if key == _TIME:
            self.stream_time = new or 0
        elif new is not None:
            self._held = max(self._held, new)
            self._next_end = min(self._next_end, key[-1])


_TIME: Key = ()
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
        super().__init__(name, aggregators, final)
        self.size, self.advance = size, advance
        self.grace = max(DEFAULT_GRACE - size, 0) if grace is None else grace
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
        self._expire()

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

        As in Kafka Streams, a window that time has jumped past by more than the retention is gone by then.
        """
        self._release_until(closed, self.stream_time - self.retention)

    def _expire(self) -> None:
        """Forget windows that are beyond both grace and retention, now and then."""
        if len(self.store) < _EXPIRE_ABOVE or len(self.store) % _EXPIRE_ABOVE:
            return
        limit = self.stream_time - self.grace - max(self.size, RETENTION)
        for full in [one for one, _ in self.store.items() if one[-1] < limit]:
            self.store.put(full, None)

    def flush(self) -> None:
        """Let go of every window, as if time had ended."""
        self._release_until(_NEVER)


_EXPIRE_ABOVE = 100_000
RETENTION = 7 * 86_400_000
"""How long closed windows stay readable for pull queries."""


class SessionAggregation(_Timed):
    """Aggregates in sessions: rows of a key with less than ``gap`` between them belong together."""

    def __init__(
        self, name: str, aggregators: Sequence[Aggregator], gap: int, grace: int | None, final: bool = False
    ) -> None:
        super().__init__(name, aggregators, final)
        self.gap = gap
        self.grace = max(DEFAULT_GRACE - gap, 0) if grace is None else grace
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
        for session in near:
            if session != full:
                self._remove(session)
        self._sessions[known] = sorted([*far, full], key=_bounds)
        self.store.put(full, (changed, newest))
        if self.final:
            self._hold(full)
            self._release_until(closed - 1)
        else:
            self.emit(full, self._values(changed), None, newest)

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

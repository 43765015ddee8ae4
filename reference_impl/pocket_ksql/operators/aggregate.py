"""GROUP BY: aggregates over all time; ``windows`` adds those in tumbling and hopping windows, and in sessions.

An aggregate's state is kept per key. ``emit(key, new, old, timestamp)`` is called for every change; the key ends
with the window's bounds where there is a window. All that an operator remembers is in its ``stores``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from pocket_ksql.operators.store import Store
from pocket_ksql.types import SqlType

Key = tuple[Any, ...]
Values = tuple[Any, ...]
Emit = Callable[[Key, Values | None, Values | None, int], None]


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


class KeyedAggregation:
    """What all aggregations have: a store, the aggregators, where changes go."""

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


class Aggregation(KeyedAggregation):
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

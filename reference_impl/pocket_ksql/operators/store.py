"""Keyed state: a dictionary that can tell what changed, for changelog topics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pocket_ksql.hashing import hashable
from pocket_ksql.operators.state_codec import dump, load
from pocket_ksql.records import Change


class Store:
    """Values by key. Keys are tuples of SQL values; values are made of tuples, lists and SQL values."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._values: dict[Any, tuple[tuple[Any, ...], Any]] = {}
        self._dirty: dict[Any, tuple[Any, ...]] = {}
        self.restored: Callable[[tuple[Any, ...], Any, Any], None] | None = None
        """Told of each change that is put back (key, value before, value now), by who keeps an index of the store."""

    def get(self, key: tuple[Any, ...]) -> Any:
        """The value of ``key``, or ``None``."""
        try:
            entry = self._values.get(key)
        except TypeError:
            entry = self._values.get(hashable(key))
        return None if entry is None else entry[1]

    def put(self, key: tuple[Any, ...], value: Any) -> None:
        """Keep ``value`` for ``key``; ``None`` removes the key."""
        try:
            hash(key)
            known: Any = key
        except TypeError:
            known = hashable(key)
        self._dirty.pop(known, None)  # the changelog keeps the order in which keys were last changed
        self._dirty[known] = key
        if value is None:
            self._values.pop(known, None)
        else:
            self._values[known] = (key, value)

    def items(self) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """Keys and values, oldest key first."""
        return iter(list(self._values.values()))

    def __len__(self) -> int:
        return len(self._values)

    def drain_changes(self) -> list[Change]:
        """What changed since the last call."""
        changes = []
        for key in self._dirty.values():
            value = self.get(key)
            changes.append(Change(self.name, dump(key), None if value is None else dump(value)))
        self._dirty.clear()
        return changes

    def restore(self, key: bytes, value: bytes | None) -> None:
        """Put one change back."""
        known, new = load(key), None if value is None else load(value)
        old = self.get(known)
        self.put(known, new)
        self._dirty.clear()
        if self.restored is not None:
            self.restored(known, old, new)

    def forget_changes(self) -> None:
        """Nobody keeps a changelog."""
        self._dirty.clear()

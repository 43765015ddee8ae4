"""Table with table: on equal primary keys, or on a foreign key of the left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pocket_ksql.hashing import hashable, stored_order
from pocket_ksql.operators.store import Store

Key = tuple[Any, ...]
Row = tuple[Any, ...]
Emit = Callable[[Key, Row | None, Row | None, int], None]
Combine = Callable[[Key, Row | None, Row | None], Row]


class TableTableJoin:
    """``combine`` makes the joined row; a side that is missing is ``None``."""

    def __init__(self, name: str, kind: str, combine: Combine) -> None:
        self.left_rows, self.right_rows = Store(f"{name}-left"), Store(f"{name}-right")
        self.kind = kind
        self.combine = combine
        self.emit: Emit = lambda key, new, old, timestamp: None

    def _joined(self, key: Key, left: Row | None, right: Row | None) -> Row | None:
        if (left is None and (right is None or self.kind in ("INNER", "LEFT"))) or (
            right is None and self.kind in ("INNER", "RIGHT")
        ):
            return None
        return self.combine(key, left, right)

    def left(self, key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
        entry = self.right_rows.get(key)
        right, when = entry if entry is not None else (None, -1)
        before = self.left_rows.get(key)
        self.left_rows.put(key, None if new is None else (new, timestamp))
        repeated = right is not None and self.kind in ("INNER", "LEFT")
        self._change(key, (before and before[0], right), (new, right), max(timestamp, when), repeated)

    def right(self, key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
        entry = self.left_rows.get(key)
        left, when = entry if entry is not None else (None, -1)
        before = self.right_rows.get(key)
        self.right_rows.put(key, None if new is None else (new, timestamp))
        repeated = left is not None and self.kind in ("INNER", "RIGHT")
        self._change(key, (left, before and before[0]), (left, new), max(timestamp, when), repeated)

    def _change(
        self,
        key: Key,
        old: tuple[Row | None, Row | None],
        new: tuple[Row | None, Row | None],
        timestamp: int,
        repeated: bool,
    ) -> None:
        """Emit what changes; with ``repeated`` also a deletion of what is not there, as Kafka Streams does."""
        before, after = self._joined(key, *old), self._joined(key, *new)
        if before is not None or after is not None or repeated:
            self.emit(key, after, before, timestamp)


class ForeignKeyJoin:
    """Rows of the left find the right's row under their foreign key; a change of the right reaches all of them.

    What a change of the right leads to bears the time of that change, even if a row of the left is later. A row that
    leaves its foreign key, or is deleted, is taken back even if it had found nothing, as Kafka Streams does.
    """

    def __init__(self, name: str, kind: str, foreign_key: Callable[[Key, Row], Key], combine: Combine) -> None:
        self.left_rows, self.right_rows = Store(f"{name}-left"), Store(f"{name}-right")
        self.keep_left = kind == "LEFT"
        self.foreign_key = foreign_key
        self.combine = combine
        self.emit: Emit = lambda key, new, old, timestamp: None
        self._subscribers: dict[Any, dict[Any, Key]] = {}
        self.left_rows.restored = self._restored

    def _restored(self, key: Key, old: tuple[Row, Key, int] | None, new: tuple[Row, Key, int] | None) -> None:
        if old is not None:
            self._unsubscribe(key, old[1])
        if new is not None:
            self._subscribe(key, new[1])

    def _subscribe(self, key: Key, foreign: Key) -> None:
        if None not in foreign:
            self._subscribers.setdefault(hashable(foreign), {})[hashable(key)] = key

    def _unsubscribe(self, key: Key, foreign: Key) -> None:
        self._subscribers.get(hashable(foreign), {}).pop(hashable(key), None)

    def _joined(self, key: Key, left: Row | None, right: Row | None) -> Row | None:
        if left is None or (right is None and not self.keep_left):
            return None
        return self.combine(key, left, right)

    def left(self, key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
        entry = self.left_rows.get(key)
        old_foreign: Key | None = None
        before = None
        old_when = -1
        if entry is not None:
            old_row, old_foreign, _ = entry
            self._unsubscribe(key, old_foreign)
            old_right, old_when = self._right(old_foreign)
            before = self._joined(key, old_row, old_right)
        if new is None:
            self.left_rows.put(key, None)
            if old_foreign is not None and (self.keep_left or None not in old_foreign):
                self.emit(key, None, before, timestamp if self.keep_left else max(timestamp, old_when))
            return
        foreign = self.foreign_key(key, new)
        self.left_rows.put(key, (new, foreign, timestamp))
        self._subscribe(key, foreign)
        right, when = (None, -1) if None in foreign else self._right(foreign)
        after = self._joined(key, new, right)
        moved = old_foreign is not None and old_foreign != foreign and None not in old_foreign
        if after is not None or moved:
            answered = old_when if None in foreign and not self.keep_left else when
            self.emit(key, after, before, max(timestamp, answered))

    def _right(self, foreign: Key) -> tuple[Row | None, int]:
        """The right's row under a foreign key and its time."""
        found = self.right_rows.get(foreign)
        return (None, -1) if found is None else found

    def right(self, key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
        entry = self.right_rows.get(key)
        before_right = entry and entry[0]
        self.right_rows.put(key, None if new is None else (new, timestamp))
        for left_key in sorted(self._subscribers.get(hashable(key), {}).values(), key=stored_order):
            left, _, _ = self.left_rows.get(left_key)
            before, after = self._joined(left_key, left, before_right), self._joined(left_key, left, new)
            self.emit(left_key, after, before, timestamp)

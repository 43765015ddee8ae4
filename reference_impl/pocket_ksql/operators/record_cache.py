"""A table's record cache: of several changes of a key only the last goes on.

As Kafka Streams does it (its documentation, "Record caches in the DSL"): until the cache is released, or holds more
bytes than it may, later changes of a key take the place of earlier ones.
"""

from __future__ import annotations

from collections.abc import Callable
from sys import getsizeof
from typing import Any

from pocket_ksql.hashing import hashable

Key = tuple[Any, ...]
Row = tuple[Any, ...]
Change = tuple[Key, Row | None, Row | None, int]


class RecordCache:
    """Holds back changes ``(key, new row, old row, timestamp)`` on their way to ``consume``.

    What is held may be about ``limit`` bytes large: a row counts as large as it was when its key first came.
    """

    def __init__(self, consume: Callable[[Key, Row | None, Row | None, int], None], limit: int) -> None:
        self._consume = consume
        self._limit = limit
        self._held: dict[Any, Change] = {}
        self._bytes = 0

    def change(self, key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
        """Take a change in; the old row that goes on is the one before the first change that is held."""
        try:
            hash(key)
            known: Any = key
        except TypeError:
            known = hashable(key)
        before = self._held.pop(known, None)  # keys go on in the order in which they were last changed
        if before is not None:
            _, held, old, _ = before
            if new is None and old is None and held is not None:
                return  # it came and went, and nobody has heard of it
        else:
            self._bytes += sum(map(getsizeof, key)) + sum(map(getsizeof, new or ()))
        self._held[known] = (key, new, old, timestamp)
        if self._bytes > self._limit:
            self.release()

    def release(self) -> None:
        """Let go of what is held."""
        held, self._held, self._bytes = self._held, {}, 0
        for change in held.values():
            self._consume(*change)

"""Records of several partitions merged by time, as one task needs them.

A query runs as one task over all partitions of its topics. Partitions are fetched at different speeds; read as
they come, a window could be closed by one partition before another has delivered its records. So a record goes
on only when no other partition may still hold an earlier one: each has one waiting, or has been read to its
end. Within a partition the order stays what it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from pocket_ksql.records import Record

PartitionId = tuple[str, int]


_Entry = tuple[int, int, str, Record]
"""Time, rank among records of the same time, topic, record."""

_TIME = itemgetter(0)
_ORDER = itemgetter(0, 1)
_TOPIC = itemgetter(2)


class Merge:
    """Buffers per partition.

    ``first`` are topics that go before the others at the same time, and alone until each of their partitions
    has been read to its end once: a stream joined with a table finds in it what it held at the start.
    """

    def __init__(self, partitions: Iterable[PartitionId], first: Sequence[str] = ()) -> None:
        self._buffers: dict[PartitionId, list[_Entry]] = {partition: [] for partition in partitions}
        self._times: dict[PartitionId, int] = dict.fromkeys(self._buffers, -1)
        self.at_end: set[PartitionId] = set()
        """The partitions that nothing waits for."""
        self._first = frozenset(first)
        self._catching_up = {partition for partition in self._buffers if partition[0] in self._first}
        self._backlog: list[_Entry] = []
        self.positions: dict[PartitionId, int] = {}
        """The offset after the last record taken, for each partition of which any was taken."""

    def add(self, topic: str, record: Record) -> None:
        """Take one record in."""
        partition = (topic, record.partition)
        # A record that is earlier than one before it in its partition takes part at that one's time.
        time = self._times[partition] = max(record.timestamp, self._times[partition])
        self._buffers[partition].append((time, 0 if topic in self._first else 1, topic, record))
        self.at_end.discard(partition)

    def reached_end(self, partition: PartitionId) -> None:
        """Nothing is left to fetch from a partition for now."""
        self.at_end.add(partition)
        if partition in self._catching_up:
            self._catching_up.discard(partition)
            if not self._catching_up:
                tables = [name for name in self._buffers if name[0] in self._first]
                self._backlog = self._ready(tables, limit=None)

    def more_to_come(self, partition: PartitionId) -> None:
        """There is something left to fetch from a partition after all."""
        self.at_end.discard(partition)

    def waiting(self, partition: PartitionId) -> int:
        """How many records of a partition are held back."""
        return len(self._buffers[partition])

    def take(self) -> Iterator[tuple[str, list[Record]]]:
        """All records that may go on, in order, as runs of one topic."""
        backlog, self._backlog = self._backlog, []
        partitions = [name for name in self._buffers if not self._catching_up or name[0] in self._first]
        limit = min((self._times[name] for name in partitions if name not in self.at_end), default=None)
        for topic, run in groupby([*backlog, *self._ready(partitions, limit)], key=_TOPIC):
            yield topic, [entry[3] for entry in run]

    def _ready(self, partitions: Iterable[PartitionId], limit: int | None) -> list[_Entry]:
        ready = [entry for partition in partitions for entry in self._split(partition, limit)]
        ready.sort(key=_ORDER)
        return ready

    def _split(self, partition: PartitionId, limit: int | None) -> list[_Entry]:
        """Take out of a buffer what is not later than ``limit`` (``None``: everything)."""
        buffer = self._buffers[partition]
        count = len(buffer) if limit is None else bisect_right(buffer, limit, key=_TIME)
        if count == 0:
            return []
        self._buffers[partition] = buffer[count:]
        self.positions[partition] = buffer[count - 1][3].offset + 1
        return buffer[:count]

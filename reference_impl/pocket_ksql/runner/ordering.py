"""Records of several partitions merged by time, as one task needs them.

A query runs as one task over all partitions of its topics. Partitions are fetched at different speeds; read as
they come, a window could be closed by one partition before another has delivered its records. So a record goes
on only when no other partition may still hold an earlier one: each has one waiting, or has been read to its
end. Within a partition the order stays what it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from operator import attrgetter, itemgetter

from pocket_ksql.records import Record

PartitionId = tuple[str, int]

_TIMESTAMP = attrgetter("timestamp")
_TOPIC = itemgetter(0)


@dataclass
class _Stretch:
    """Records of one partition in their order, and the times at which they take part."""

    topic: str
    times: list[int] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)


class Merge:
    """Buffers per partition.

    ``first`` are topics that go before the others at the same time, and alone until each of their partitions
    has been read to its end once: a stream joined with a table finds in it what it held at the start.
    """

    def __init__(self, partitions: Iterable[PartitionId], first: Sequence[str] = ()) -> None:
        self._buffers = {partition: _Stretch(partition[0]) for partition in partitions}
        self._times: dict[PartitionId, int] = dict.fromkeys(self._buffers, -1)
        self.at_end: set[PartitionId] = set()
        """The partitions that nothing waits for."""
        self._first = frozenset(first)
        self._catching_up = {partition for partition in self._buffers if partition[0] in self._first}
        self._backlog: list[tuple[str, Record]] = []
        self.positions: dict[PartitionId, int] = {}
        """The offset after the last record taken, for each partition of which any was taken."""

    def add(self, partition: PartitionId, records: Sequence[Record]) -> None:
        """Take in records of one partition, in their order."""
        buffer = self._buffers[partition]
        # A record that is earlier than one before it in its partition takes part at that one's time.
        last, *times = accumulate(map(_TIMESTAMP, records), max, initial=self._times[partition])
        buffer.times += times
        buffer.records += records
        self._times[partition] = times[-1] if times else last
        self.at_end.discard(partition)

    def reached_end(self, partition: PartitionId) -> None:
        """Nothing is left to fetch from a partition for now."""
        self.at_end.add(partition)
        if partition in self._catching_up:
            self._catching_up.discard(partition)
            if not self._catching_up:
                tables = [name for name in self._buffers if name[0] in self._first]
                self._backlog = self._in_order(self._ready(tables, limit=None))

    def more_to_come(self, partition: PartitionId) -> None:
        """There is something left to fetch from a partition after all."""
        self.at_end.discard(partition)

    def waiting(self, partition: PartitionId) -> int:
        """How many records of a partition are held back."""
        return len(self._buffers[partition].records)

    def take(self) -> Iterator[tuple[str, list[Record]]]:
        """All records that may go on, in order, as runs of one topic."""
        backlog, self._backlog = self._backlog, []
        partitions = [name for name in self._buffers if not self._catching_up or name[0] in self._first]
        limit = min((self._times[name] for name in partitions if name not in self.at_end), default=None)
        ready = self._ready(partitions, limit)
        if len(ready) == 1 and not backlog:  # one partition, as many topics have: nothing is to be sorted
            yield ready[0].topic, ready[0].records
            return
        for topic, run in groupby([*backlog, *self._in_order(ready)], key=_TOPIC):
            yield topic, [record for _, record in run]

    def _in_order(self, stretches: Iterable[_Stretch]) -> list[tuple[str, Record]]:
        """Topics and records by time. Sorting keeps what has the same time as it was: topics of ``first`` first."""
        stretches = sorted(stretches, key=lambda stretch: stretch.topic not in self._first)
        times = [time for stretch in stretches for time in stretch.times]
        entries = [(stretch.topic, record) for stretch in stretches for record in stretch.records]
        return [entries[index] for index in sorted(range(len(times)), key=times.__getitem__)]

    def _ready(self, partitions: Iterable[PartitionId], limit: int | None) -> list[_Stretch]:
        split = [self._split(partition, limit) for partition in partitions]
        return [stretch for stretch in split if stretch.records]

    def _split(self, partition: PartitionId, limit: int | None) -> _Stretch:
        """Take out of a buffer what is not later than ``limit`` (``None``: everything)."""
        buffer = self._buffers[partition]
        count = len(buffer.times) if limit is None else bisect_right(buffer.times, limit)
        taken = _Stretch(buffer.topic, buffer.times[:count], buffer.records[:count])
        del buffer.times[:count], buffer.records[:count]
        if taken.records:
            self.positions[partition] = taken.records[-1].offset + 1
        return taken

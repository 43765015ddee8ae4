"""What comes of KSQL statements over given records: rows by the stream, table or SELECT that gave them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Sink:
    """A stream or table that a statement made. A row holds key and value columns by name, in upper case; windowed
    ones also WINDOWSTART and WINDOWEND in milliseconds."""

    name: str
    kind: str
    topic: str
    key_format: str
    value_format: str
    columns: dict[str, str]
    key: list[str]
    partitions: int | None
    rows: list[Row]
    timestamps: list[int]


@dataclass(frozen=True)
class Result:
    """What came of the statements. Names are taken without regard to case.

    Of each SELECT among them ``queries`` has the rows, and ``pushed`` whether it was a push query.
    """

    sinks: dict[str, Sink]
    queries: list[list[Row]]
    pushed: list[bool]

    def sink(self, name: str) -> Sink:
        """The stream or table ``name``. Raises ``LookupError``."""
        try:
            return self.sinks[name.upper()]
        except KeyError:
            here = ", ".join(self.sinks) or "none"
            raise LookupError(f"Your statements make no stream or table {name.upper()}; they make: {here}") from None

    def rows(self, name: str) -> list[Row]:
        """Every row that was written to ``name``, in order."""
        return self.sink(name).rows

    def latest(self, name: str) -> list[Row]:
        """A table's rows as they stand at the end: the last of each key (and window), in the order of the keys."""
        sink = self.sink(name)
        names = [*sink.key, "WINDOWSTART", "WINDOWEND"]
        held: dict[tuple[Any, ...], Row] = {}
        for row in sink.rows:
            key = tuple(row.get(one) for one in names)
            if all(row.get(one) is None for one in sink.columns if one not in sink.key):
                held.pop(key, None)  # a tombstone
            else:
                held[key] = row
        return [held[key] for key in sorted(held, key=repr)]

    def query(self, number: int = 0) -> list[Row]:
        """The rows of the SELECT with that number among the statements, from 0. Raises ``LookupError``."""
        if number >= len(self.queries):
            raise LookupError(f"Your statements hold {len(self.queries)} SELECT; another one is needed")
        return self.queries[number]

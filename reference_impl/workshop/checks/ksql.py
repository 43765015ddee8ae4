"""KSQL statements run over given records, in memory: what came out, as rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workshop.checks import place

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
    """What came of the statements. Names are taken without regard to case."""

    sinks: dict[str, Sink]
    queries: list[list[Row]]

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


def run(
    sql: str,
    inputs: Mapping[str, Sequence[Any]] | None = None,
    setup: str = "",
    flush: bool = False,
    functions: Sequence[str | Callable[..., Any]] = (),
) -> Result:
    """Run the trusted statements ``setup``, then ``sql``, then the records of ``inputs``; see :func:`execute`.

    With ``functions`` of the learner's among them, all of it runs beside the learner's code, as a server with these
    functions would. Raises what the statements raise: ``KsqlSyntaxError``, ``KsqlStatementError``, ``UdfError``.
    """
    records = {name: list(given) for name, given in (inputs or {}).items()}
    request = {"sql": sql, "inputs": records, "setup": setup, "flush": flush, "functions": list(functions)}
    here = place.current()
    alone = all(isinstance(one, str) for one in functions)
    raw = here.ksql(request) if alone else here.probe("ksql", [request])
    return Result({name: Sink(**sink) for name, sink in raw["sinks"].items()}, raw["queries"])


def execute(
    sql: str,
    inputs: dict[str, list[Any]],
    setup: str = "",
    flush: bool = False,
    functions: Sequence[str | Callable[..., Any]] = (),
) -> dict[str, Any]:
    """What :func:`run` gives, as plain data; computed in this process.

    ``inputs`` maps topics to records ``{"key": …, "value": …, "timestamp": ms}``. A record's value is a dictionary of
    columns, written in the format that ``setup`` declares for the topic (JSON if it declares none), or a string or
    bytes, which stand as they are. Records of all topics come in the order of their timestamps; without one, 0.
    ``flush`` ends time after them, so that EMIT FINAL lets go. ``functions`` are Python functions, or modules of them,
    that the statements may call.
    """
    from workshop.checks.ksql_memory import MemoryRun

    return MemoryRun(setup, sql, inputs, functions).result(flush)

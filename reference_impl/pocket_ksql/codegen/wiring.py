"""What streams and tables of one running task share: stores, routes, results and errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import DecimalException
from typing import Any, Protocol

from pocket_ksql.codegen.rows import RowCompiler, Scope
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.operators.store import Store
from pocket_ksql.planner.plan import (
    ForeignKeyJoin,
    Read,
    Rekey,
    Step,
    StreamStreamJoin,
    TableTableJoin,
)
from pocket_ksql.records import Record, Rejected, Stage
from pocket_ksql.services import Schemas
from pocket_ksql.writer import Writer

Key = tuple[Any, ...]
Row = tuple[Any, ...]
OnChange = Callable[[Key, Row | None, Row | None, int], None]
OnRow = Callable[[Writer, Scope], None]
"""Writes what happens to a row of a stream."""


class Sink(Protocol):
    """Where rows go in the end: a topic, or the caller of a push query."""

    def stream(self, writer: Writer, scope: Scope) -> None:
        """Write what takes a row of a stream."""

    def stream_null(self, writer: Writer, scope: Scope) -> None:
        """Write what takes a record of a stream whose value is null."""

    def keep(self, key: Key, new: Row | None, timestamp: int) -> None:
        """Take the newest row of a table, for those who look into it."""

    def change(self, key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
        """Take a change of a table; where changes are gathered, only the last of several."""


@dataclass(frozen=True)
class Context:
    """What compiling a query takes besides its plan."""

    functions: FunctionRegistry
    schemas: Schemas
    properties: Mapping[str, Any]


class Wiring:
    """What the parts of a task are joined by: its stores, the routes from its topics, and what went wrong."""

    _sink: Sink
    """Where the rows of a stream go; set before the first stream is attached."""

    def __init__(self, context: Context) -> None:
        self.out: list[Any] = []
        self.rejected: list[Rejected] = []
        self.stores: dict[str, Store] = {}
        self.results: Store | None = None
        """The materialised result of an aggregation or join, which pull queries read."""
        self._routes: dict[str, list[Callable[[Sequence[Record]], None]]] = {}
        self._flushes: list[Callable[[], None]] = []
        self._topic = ""
        self.record: Record = Record(None, None, 0)
        self._context = context
        self._rows = RowCompiler(context.functions, self._failed, context.properties)
        self._numbers: dict[str, int] = {}
        self._null_steps: list[Rekey] | None = None
        self._null_times: dict[int, Callable[[int], None]] = {}

    def _attach_stream(self, step: Step, consume: OnRow) -> None:
        """Have ``consume`` write what happens to every row of ``step``."""
        raise NotImplementedError

    def _attach_table(self, step: Step, consume: OnChange) -> None:
        """Have ``consume`` called for every change of ``step``."""
        raise NotImplementedError

    def _store(self, kind: str) -> str:
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind}-{number}"

    def _route(self, step: Read, function: Callable[[Sequence[Record]], None]) -> None:
        self._routes.setdefault(step.source.topic, []).append(function)

    def _new_store(self, kind: str) -> Store:
        store = Store(self._store(kind))
        self._register(store)
        return store

    def _register(self, *stores: Store) -> None:
        self.stores.update((store.name, store) for store in stores)

    def _combiner(self, step: StreamStreamJoin | TableTableJoin | ForeignKeyJoin) -> Callable[..., Row]:
        """Joins a left and a right row; where a synthetic key column is added, its value is the key's."""
        left_nulls, right_nulls = (None,) * len(step.left.columns), (None,) * len(step.right.columns)
        synthetic = len(step.columns) > len(left_nulls) + len(right_nulls)

        def combine(key: Key, left: Row | None, right: Row | None) -> Row:
            row = (left_nulls if left is None else left) + (right_nulls if right is None else right)
            return (*row, key[0]) if synthetic else row

        return combine

    def _forget_result(self, key: Key) -> None:
        if self.results is not None:
            self.results.put(key, None)

    def reject(self, record: Record, reason: str, stage: Stage = Stage.VALUE) -> None:
        self.rejected.append(Rejected(self._topic, record, reason, stage))

    def failed_on(self, record: Record, label: str, error: Exception) -> None:
        """An expression failed on a record: it is NULL, and the processing log says why."""
        self.record = record
        self._failed(label, error)

    def _failed(self, label: str, error: Exception) -> None:
        reason = f"Error computing expression {label} with message {_said(error)}, row: NULL is used instead"
        self.rejected.append(Rejected(self._topic, self.record, reason, Stage.PROCESSING))


def _said(error: Exception) -> str:
    """What an error says for people; what Python and its decimals raise names only classes."""
    if isinstance(error, ZeroDivisionError):
        return "/ by zero"
    if isinstance(error, DecimalException):
        return "the result is no DECIMAL"
    if isinstance(error, TypeError | AttributeError) and "NoneType" in str(error):
        return "NULL stands where a value is needed"
    return str(error)

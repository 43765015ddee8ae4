"""A plan to a running task: generated functions for streams and rows, operators for state, joined end to end.

Streams flow through one generated function from the source to the next operator with state; what flows through
tables are changes ``(key, new row, old row, timestamp)``, handed from closure to closure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pocket_ksql import types
from pocket_ksql.codegen import aggregates
from pocket_ksql.codegen.code import Code
from pocket_ksql.codegen.expressions import ExpressionCompiler
from pocket_ksql.codegen.streams import Streams
from pocket_ksql.codegen.tables import Tables
from pocket_ksql.codegen.wiring import Context, Key, OnChange, Row, Sink
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.language import expressions as ex
from pocket_ksql.operators.record_cache import RecordCache
from pocket_ksql.planner.plan import (
    Plan,
    Project,
    Read,
    Rekey,
    Step,
    aggregate_of,
)
from pocket_ksql.records import Change, Record
from pocket_ksql.types import SqlType
from pocket_ksql.writer import Writer


def type_of(functions: FunctionRegistry) -> Callable[[ex.Expression, Mapping[str, SqlType]], SqlType | None]:
    """The typing of expressions that the planner asks for."""

    def typer(expression: ex.Expression, columns: Mapping[str, SqlType]) -> SqlType | None:
        compiler = ExpressionCompiler(Writer(), functions, {name: Code("x", of) for name, of in columns.items()})
        if isinstance(expression, ex.Call) and functions.is_aggregate(expression.name):
            return aggregates.result_type(compiler, expression)
        of = compiler.compile(expression).type
        if isinstance(expression, ex.Call) and functions.is_table(expression.name):
            return of.item if isinstance(of, types.Array) else of
        return of

    return typer


class QueryTask(Streams, Tables):
    """One running instance of a query; ``out`` collects what the sink produces.

    With ``cache_bytes`` the changes of a table are gathered until `release`; final results are no changes.
    """

    def __init__(
        self, plan: Plan, context: Context, make_sink: Callable[[QueryTask], Sink], cache_bytes: int = 0
    ) -> None:
        super().__init__(context)
        sink = make_sink(self)
        root = plan.root
        self._cache: RecordCache | None = None
        if root.is_table:
            aggregate = aggregate_of(root)
            is_final = aggregate is not None and aggregate.final
            self._attach_table(root, self._to_sink(sink, 0 if is_final else cache_bytes))
        else:
            self._sink = sink
            self._null_steps = _rekeys(root)
            self._attach_stream(root, sink.stream)

    def process(self, topic: str, records: Sequence[Record]) -> list[Any]:
        """Take records of one source topic, in order; what they lead to, in order."""
        self._topic = topic
        routes = self._routes.get(topic, ())
        if len(routes) == 1:
            routes[0](records)
        else:
            for record in records:
                for route in routes:
                    route((record,))
        return self.drain()

    def _to_sink(self, sink: Sink, cache_bytes: int) -> OnChange:
        keep, change = sink.keep, sink.change
        if cache_bytes:
            self._cache = RecordCache(change, cache_bytes)
            change = self._cache.change

        def on_change(key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
            keep(key, new, timestamp)
            change(key, new, old, timestamp)

        return on_change

    @property
    def keeps_state(self) -> bool:
        """Whether what a record leads to depends on the records before it."""
        return bool(self.stores)

    def flush(self) -> list[Any]:
        """Let go of what waits for time to advance, as if time had ended."""
        for flush in self._flushes:
            flush()
        return self.drain()

    def release(self) -> list[Any]:
        """The changes that have been gathered since the last call."""
        if self._cache is not None:
            self._cache.release()
        return self.drain()

    def drain(self) -> list[Any]:
        """What the sink has produced since the last call."""
        out = list(self.out)
        self.out.clear()
        return out

    def drain_changes(self) -> list[Change]:
        """Changes of all stores since the last call, store by store: each after those that its changes lead to."""
        return [change for store in self.stores.values() for change in store.drain_changes()]

    def forget_changes(self) -> None:
        """Nobody keeps a changelog, as for push queries."""
        for store in self.stores.values():
            store.forget_changes()

    def restore(self, change: Change) -> None:
        """Put one entry of a changelog back."""
        self.stores[change.store].restore(change.key, change.value)


def _rekeys(step: Step) -> list[Rekey] | None:
    """The new keys on the way from a source to ``step``; ``None`` if there is more on the way than projections."""
    found: list[Rekey] = []
    while isinstance(step, (Project, Rekey)):
        if isinstance(step, Rekey):
            found.insert(0, step)
        step = step.input
    return found if isinstance(step, Read) else None

"""A plan to a running task: generated functions for streams and rows, operators for state, joined end to end.

Streams flow through one generated function from the source to the next operator with state; what flows through
tables are changes ``(key, new row, old row, timestamp)``, handed from closure to closure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pocket_ksql import types
from pocket_ksql.codegen import aggregates
from pocket_ksql.codegen.expressions import Code, ExpressionCompiler
from pocket_ksql.codegen.rows import RowCompiler, Scope
from pocket_ksql.codegen.sources import record_loop, table_reader
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.language import expressions as ex
from pocket_ksql.operators.store import Store
from pocket_ksql.operators.stream_join import StreamStreamJoin as StreamStreamOperator
from pocket_ksql.operators.table_join import ForeignKeyJoin as ForeignKeyOperator
from pocket_ksql.operators.table_join import TableTableJoin as TableTableOperator
from pocket_ksql.planner.plan import (
    Aggregate,
    Filter,
    FlatMap,
    ForeignKeyJoin,
    Plan,
    Project,
    Read,
    Rekey,
    Step,
    StreamStreamJoin,
    StreamTableJoin,
    TableTableJoin,
)
from pocket_ksql.records import Change, Record, Rejected
from pocket_ksql.schema import Column, Place
from pocket_ksql.services import Schemas
from pocket_ksql.types import SqlType
from pocket_ksql.writer import Writer

Key = tuple[Any, ...]
Row = tuple[Any, ...]
OnChange = Callable[[Key, Row | None, Row | None, int], None]
OnRow = Callable[[Writer, Scope], None]
"""Writes what happens to a row of a stream."""


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


class Sink(Protocol):
    """Where rows go in the end: a topic, or the caller of a push query."""

    def stream(self, writer: Writer, scope: Scope) -> None:
        """Write what takes a row of a stream."""

    def stream_null(self, writer: Writer, scope: Scope) -> None:
        """Write what takes a record of a stream whose value is null."""

    def change(self, key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
        """Take a change of a table."""


@dataclass(frozen=True)
class Context:
    """What compiling a query takes besides its plan."""

    functions: FunctionRegistry
    schemas: Schemas
    properties: Mapping[str, Any]


class QueryTask:
    """One running instance of a query; ``out`` collects what the sink produces."""

    def __init__(self, plan: Plan, context: Context, make_sink: Callable[[QueryTask], Sink]) -> None:
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
        sink = make_sink(self)
        root = plan.root
        if root.is_table:
            self._attach_table(root, sink.change)
        else:
            self._sink = sink
            self._null_steps = _rekeys(root)
            self._attach_stream(root, sink.stream)

    # --- running -----------------------------------------------------------------------------------------------

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

    @property
    def keeps_state(self) -> bool:
        """Whether what a record leads to depends on the records before it."""
        return bool(self.stores)

    def flush(self) -> list[Any]:
        """Let go of what waits for time to advance, as if time had ended."""
        for flush in self._flushes:
            flush()
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

    def reject(self, record: Record, reason: str) -> None:
        self.rejected.append(Rejected(self._topic, record, reason))

    def failed_on(self, record: Record, label: str, error: Exception) -> None:
        """An expression failed on a record: it is NULL, and the processing log says why."""
        self.record = record
        self._failed(label, error)

    def _failed(self, label: str, error: Exception) -> None:
        reason = f"Error computing expression {label} with message {error}, row: NULL is used instead"
        self.rejected.append(Rejected(self._topic, self.record, reason, while_processing=True))

    # --- streams -----------------------------------------------------------------------------------------------

    def _store(self, kind: str) -> str:
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind}-{number}"

    def _attach_stream(self, step: Step, consume: OnRow) -> None:
        """Have ``consume`` write what happens to every row of ``step``."""
        match step:
            case Read():
                self._attach_source(step, consume)
            case Filter():
                self._attach_stream(step.input, lambda writer, scope: self._filter(step, writer, scope, consume))
            case Project():
                self._attach_stream(step.input, lambda writer, scope: self._project(step, writer, scope, consume))
            case FlatMap():
                self._attach_stream(step.input, lambda writer, scope: self._flat_map(step, writer, scope, consume))
            case Rekey():
                self._attach_stream(step.input, lambda writer, scope: self._rekey(step, writer, scope, consume))
            case StreamTableJoin():
                self._attach_stream_table(step, consume)
            case StreamStreamJoin():
                self._attach_stream_stream(step, consume)
            case _:
                raise NotImplementedError(type(step).__name__)

    def _attach_source(self, step: Read, consume: OnRow) -> None:
        writer = Writer()
        writer.names["task"] = self

        def on_null(scope: Scope) -> None:
            self._null_path(step, writer, scope)

        with record_loop(writer, step, self._context.schemas, self.reject, on_null, self._context.properties) as scope:
            consume(writer, scope)
        self._route(step, writer.compile("on_records"))

    def _route(self, step: Read, function: Callable[[Sequence[Record]], None]) -> None:
        self._routes.setdefault(step.source.topic, []).append(function)

    def _null_path(self, source: Read, writer: Writer, scope: Scope) -> None:
        """A null value passes projections and new keys, and is dropped by everything else."""
        if self._null_steps is None:
            return
        nulls = {
            column.name: scope.columns[column.name]
            if column.place is Place.KEY
            else Code("None", column.type, plain=True)
            for column in source.columns
        }
        scope = Scope(nulls, scope.key, scope.timestamp)
        for step in self._null_steps:
            columns = {**scope.columns}
            for column, expression in step.items:
                columns[column.name] = self._rows.name(writer, scope, expression, column.name)
            scope = Scope(columns, tuple(columns[name].text for name in step.key), scope.timestamp)
        self._sink.stream_null(writer, scope)

    def _filter(self, step: Filter, writer: Writer, scope: Scope, consume: OnRow) -> None:
        test = self._rows.condition(writer, scope, step.predicate, step.label)
        with writer.block(f"if {test}:"):
            writer.line("pass")
            consume(writer, scope)

    def _project(self, step: Project, writer: Writer, scope: Scope, consume: OnRow) -> None:
        consume(writer, self._rows.project(writer, scope, step.items))

    def _flat_map(self, step: FlatMap, writer: Writer, scope: Scope, consume: OnRow) -> None:
        columns = dict(scope.columns)
        lists = [self._rows.evaluate(writer, scope, call, column.name).text + " or ()" for column, call in step.calls]
        names = [writer.fresh("e") for _ in lists]
        for (column, _), name in zip(step.calls, names, strict=True):
            columns[column.name] = Code(name, column.type, plain=True)
        if len(lists) == 1:
            loop = f"for {names[0]} in {lists[0]}:"
        else:
            loop = f"for {', '.join(names)} in {writer.bind(_zip_longest, 'zip')}({', '.join(lists)}):"
        with writer.block(loop):
            consume(writer, replace(scope, columns=columns))

    def _rekey(self, step: Rekey, writer: Writer, scope: Scope, consume: OnRow) -> None:
        columns = dict(scope.columns)
        for column, expression in step.items:
            columns[column.name] = self._rows.name(writer, scope, expression, column.name)
        consume(writer, Scope(columns, tuple(columns[name].text for name in step.key), scope.timestamp))

    def _attach_stream_table(self, step: StreamTableJoin, consume: OnRow) -> None:
        store = self._keep(step.right)

        def join(writer: Writer, scope: Scope) -> None:
            found = writer.fresh("found")
            names = [writer.fresh("j") for _ in step.right.columns]
            columns = dict(scope.columns)
            for column, name in zip(step.right.columns, names, strict=True):
                columns[column.name] = Code(name, column.type, plain=True)
            joined = Scope(columns, scope.key, scope.timestamp)
            writer.line(f"{found} = {writer.bind(store, 'table')}.get({scope.key_text})")
            if step.kind == "INNER":
                with writer.block(f"if {found} is not None:"):
                    writer.line(f"{', '.join(names)}, = {found}")
                    consume(writer, joined)
            else:
                nulls = writer.bind((None,) * len(names), "nulls")
                writer.line(f"{', '.join(names)}, = {nulls} if {found} is None else {found}")
                with writer.block(f"if {' or '.join(f'{part} is not None' for part in scope.key) or 'True'}:"):
                    consume(writer, joined)

        self._attach_stream(step.left, join)

    def _keep(self, table: Step) -> Store:
        """A store with the latest row of every key of a table."""
        store = self._new_store("table")

        def keep(key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
            store.put(key, new)

        self._attach_table(table, keep)
        return store

    def _new_store(self, kind: str) -> Store:
        store = Store(self._store(kind))
        self._register(store)
        return store

    def _register(self, *stores: Store) -> None:
        self.stores.update((store.name, store) for store in stores)

    def _attach_stream_stream(self, step: StreamStreamJoin, consume: OnRow) -> None:
        operator = StreamStreamOperator(self._store("stream-join"), step.kind, step.before, step.after, step.grace)
        self._register(operator.store)
        self._flushes.append(operator.flush)
        combine = self._combiner(step)
        after = self._row_consumer(step, consume)
        operator.emit = lambda key, left, right, timestamp: after(key, combine(key, left, right), timestamp)
        for side, accept in ((step.left, operator.left), (step.right, operator.right)):
            self._attach_stream(side, self._hand_over(side, accept))

    def _hand_over(self, side: Step, accept: Callable[[Key, Row, int], None]) -> OnRow:
        def hand_over(writer: Writer, scope: Scope) -> None:
            call = (
                f"{writer.bind(accept, 'accept')}({scope.key_text}, {scope.row_text(side.columns)}, {scope.timestamp})"
            )
            with writer.block(f"if {' and '.join(f'{part} is not None' for part in scope.key) or 'True'}:"):
                writer.line(call)

        return hand_over

    def _combiner(self, step: StreamStreamJoin | TableTableJoin | ForeignKeyJoin) -> Callable[..., Row]:
        """Joins a left and a right row; where a synthetic key column is added, its value is the key's."""
        left_nulls, right_nulls = (None,) * len(step.left.columns), (None,) * len(step.right.columns)
        synthetic = len(step.columns) > len(left_nulls) + len(right_nulls)

        def combine(key: Key, left: Row | None, right: Row | None) -> Row:
            row = (left_nulls if left is None else left) + (right_nulls if right is None else right)
            return (*row, key[0]) if synthetic else row

        return combine

    def _row_consumer(self, step: Step, consume: OnRow) -> Callable[[Key, Row, int], None]:
        """A function of ``(key, row, timestamp)`` whose body ``consume`` writes."""
        writer = Writer()
        with writer.block("def on_row(key, row, timestamp):"), ExitStack():
            names = [f"r{index}" for index in range(len(step.columns))]
            writer.line(f"{', '.join(names)}, = row")
            columns = {
                column.name: Code(name, column.type, plain=True)
                for column, name in zip(step.columns, names, strict=True)
            }
            width = len(step.key) + (2 if step.window is not None else 0)
            consume(writer, Scope(columns, tuple(f"key[{index}]" for index in range(width)), "timestamp"))
        return writer.compile("on_row")

    # --- tables ------------------------------------------------------------------------------------------------

    def _attach_table(self, step: Step, consume: OnChange) -> None:
        """Have ``consume`` called for every change of ``step``."""
        match step:
            case Read():
                self._attach_table_source(step, consume)
            case Filter():
                self._attach_table(step.input, self._table_filter(step, consume))
            case Project():
                self._attach_table(step.input, self._table_project(step, consume))
            case Aggregate():
                self._attach_aggregate(step, consume)
            case TableTableJoin():
                operator = TableTableOperator(self._store("join"), step.kind, self._combiner(step))
                self._attach_join(step, operator, consume)
            case ForeignKeyJoin():
                foreign_key = self._row_tuple(step.left.columns, [(step.foreign_key, "foreign key")])
                foreign = ForeignKeyOperator(
                    self._store("join"), step.kind, lambda key, row: foreign_key(key, row, 0), self._combiner(step)
                )
                self._attach_join(step, foreign, consume)
            case _:
                raise NotImplementedError(type(step).__name__)

    def _attach_table_source(self, step: Read, consume: OnChange) -> None:
        store = self._new_store("source")
        read = table_reader(step, self._context.schemas, self.reject, self._context.properties)

        def on_records(records: Sequence[Record]) -> None:
            for record in records:
                self.record = record
                change = read(record)
                if change is not None:
                    key, row, timestamp = change
                    old = store.get(key)
                    if row is not None or old is not None:
                        store.put(key, row)
                    consume(key, row, old, timestamp)

        self._route(step, on_records)

    def _attach_join(
        self,
        step: TableTableJoin | ForeignKeyJoin,
        operator: TableTableOperator | ForeignKeyOperator,
        consume: OnChange,
    ) -> None:
        operator.emit = consume
        self._register(operator.left_rows, operator.right_rows)
        self._attach_table(step.left, operator.left)
        self._attach_table(step.right, operator.right)

    def _attach_aggregate(self, step: Aggregate, consume: OnChange) -> None:
        operator = aggregates.operator_of(step, self._store("aggregate"), self._context.functions, self._rows)
        self._register(*operator.stores)

        def emit(key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
            group = key[: len(step.group_by)]
            consume(key, None if new is None else group + new, None if old is None else group + old, timestamp)

        operator.emit = aggregates.reorder(step, emit)
        if isinstance(operator, aggregates.TIMED):
            self._flushes.append(operator.flush)
            operator.forgotten = self._forget_result
        if step.input.is_table:
            self._attach_table(step.input, aggregates.table_input(step, operator, self._rows))  # type: ignore[arg-type]
        else:
            self._attach_stream(step.input, aggregates.stream_input(step, operator, self._rows))

    def _forget_result(self, key: Key) -> None:
        if self.results is not None:
            self.results.put(key, None)

    def _row_tuple(
        self, columns: Sequence[Column], expressions: Sequence[tuple[ex.Expression, str]]
    ) -> Callable[[Key, Row, int], Row]:
        """A function of ``(key, row, timestamp)`` that gives the values of ``expressions``."""

        def body(writer: Writer, scope: Scope) -> str:
            texts = [self._rows.evaluate(writer, scope, one, label).text for one, label in expressions]
            return f"({''.join(text + ', ' for text in texts)})"

        return self._rows.row_function(columns, body)

    def _table_filter(self, step: Filter, consume: OnChange) -> OnChange:
        test = self._row_tuple(step.input.columns, [(step.predicate, step.label)])

        def on_change(key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
            passes = new if new is not None and test(key, new, timestamp)[0] else None
            passed = old if old is not None and test(key, old, timestamp)[0] else None
            if passes is not None or passed is not None or new is None:
                consume(key, passes, passed, timestamp)

        return on_change

    def _table_project(self, step: Project, consume: OnChange) -> OnChange:
        project = self._row_tuple(step.input.columns, [(one, column.name) for column, one in step.items])

        def on_change(key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
            consume(
                key,
                None if new is None else project(key, new, timestamp),
                None if old is None else project(key, old, timestamp),
                timestamp,
            )

        return on_change


def _rekeys(step: Step) -> list[Rekey] | None:
    """The new keys on the way from a source to ``step``; ``None`` if there is more on the way than projections."""
    found: list[Rekey] = []
    while isinstance(step, (Project, Rekey)):
        if isinstance(step, Rekey):
            found.insert(0, step)
        step = step.input
    return found if isinstance(step, Read) else None


def _zip_longest(*lists: Any) -> Any:
    from itertools import zip_longest

    return zip_longest(*lists)

"""Steps of streams: one generated function from a source to the next operator with state."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from pocket_ksql.codegen.code import Code
from pocket_ksql.codegen.rows import Scope
from pocket_ksql.codegen.sources import record_loop
from pocket_ksql.codegen.wiring import Key, OnRow, Row, Wiring
from pocket_ksql.operators.store import Store
from pocket_ksql.operators.stream_join import StreamStreamJoin as StreamStreamOperator
from pocket_ksql.planner.plan import (
    Filter,
    FlatMap,
    Project,
    Read,
    Rekey,
    Step,
    StreamStreamJoin,
    StreamTableJoin,
)
from pocket_ksql.schema import Place
from pocket_ksql.writer import Writer


class Streams(Wiring):
    """Attaches the steps that rows of streams flow through."""

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
            if (pass_time := self._null_times.get(id(step))) is not None:
                writer.line(f"{writer.bind(pass_time, 'pass_time')}({scope.timestamp})")
            self._null_path(step, writer, scope)

        with record_loop(writer, step, self._context.schemas, self.reject, on_null, self._context.properties) as scope:
            consume(writer, scope)
        self._route(step, writer.compile("on_records"))

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
                consume(writer, joined)

        self._attach_stream(step.left, join)

    def _keep(self, table: Step) -> Store:
        """A store with the latest row of every key of a table."""
        store = self._new_store("table")

        def keep(key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
            store.put(key, new)

        self._attach_table(table, keep)
        return store

    def _attach_stream_stream(self, step: StreamStreamJoin, consume: OnRow) -> None:
        operator = StreamStreamOperator(self._store("stream-join"), step.kind, step.before, step.after, step.grace)
        self._register(operator.store)
        self._flushes.append(operator.flush)
        combine = self._combiner(step)
        after = self._row_consumer(step, consume)
        operator.emit = lambda key, left, right, timestamp: after(key, combine(key, left, right), timestamp)
        for side, accept in ((step.left, operator.left), (step.right, operator.right)):
            self._null_times[id(_source_of_nulls(side))] = operator.pass_time
            self._attach_stream(side, self._hand_over(side, accept))

    def _hand_over(self, side: Step, accept: Callable[[Key, Row, int], None]) -> OnRow:
        def hand_over(writer: Writer, scope: Scope) -> None:
            row = scope.row_text(side.columns)
            writer.line(f"{writer.bind(accept, 'accept')}({scope.key_text}, {row}, {scope.timestamp})")

        return hand_over

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


def _source_of_nulls(step: Step) -> Step:
    """The step from which records without a value come to a join's side: projections alone let them through."""
    while isinstance(step, Project):
        step = step.input
    return step


def _zip_longest(*lists: Any) -> Any:
    from itertools import zip_longest

    return zip_longest(*lists)

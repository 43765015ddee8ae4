"""The task of a query with functions that take whole batches: such a column is computed once a batch.

The query is compiled in two parts. The first does everything up to its projection and leaves those columns out,
but gives their arguments; the second writes the rows, with the columns put in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pocket_ksql.codegen.code import Code
from pocket_ksql.codegen.query import Context, QueryTask
from pocket_ksql.codegen.rows import Scope
from pocket_ksql.codegen.sinks import TopicSink
from pocket_ksql.functions.registry import FunctionRegistry, Variant
from pocket_ksql.language import expressions as ex
from pocket_ksql.planner.plan import Plan, Project
from pocket_ksql.records import Change, Produced, Record, Rejected
from pocket_ksql.schema import Column
from pocket_ksql.source import Source
from pocket_ksql.writer import Writer

Key = tuple[Any, ...]
_Row = tuple[Key, tuple[Any, ...] | None, int, Record]
"""Key, values (``None`` for a record without a value), time, the record that it comes from."""


@dataclass(frozen=True)
class BatchCall:
    """The column at ``position`` of the projection; ``arguments`` are positions in the rows of the first part."""

    position: int
    label: str
    variant: Variant
    arguments: range


def batch_variant(functions: FunctionRegistry, expression: ex.Expression) -> Variant | None:
    """What a call of a function that takes whole batches calls; ``None`` for any other expression."""
    if not isinstance(expression, ex.Call) or expression.name not in functions:
        return None
    (variant, *others) = functions.find(expression.name).variants
    fits = not others and len(expression.arguments) == len(variant.signature.parameters)
    return variant if fits and variant.batch is not None else None


def has_batch_calls(plan: Plan, functions: FunctionRegistry) -> bool:
    """Whether a column of a stream's projection is such a call."""
    root = plan.root
    if not isinstance(root, Project) or root.is_table or root.window is not None:
        return False
    return any(batch_variant(functions, expression) is not None for _, expression in root.items)


class BatchCallTask:
    """Runs the first part on all records given together, then the calls, then the second part."""

    def __init__(self, plan: Plan, sink: Source, context: Context) -> None:
        assert isinstance(plan.root, Project)
        self._calls: list[BatchCall] = []
        items: list[tuple[Column, ex.Expression]] = []
        hidden: list[tuple[Column, ex.Expression]] = []
        for position, (column, expression) in enumerate(plan.root.items):
            variant = batch_variant(context.functions, expression)
            if variant is None or not isinstance(expression, ex.Call):
                items.append((column, expression))
                continue
            items.append((column, ex.NullLiteral()))
            first = len(plan.root.items) + len(hidden)
            for argument in expression.arguments:
                hidden.append((Column(f"{column.name}:{len(hidden)}", column.type), argument))
            arguments = range(first, len(plan.root.items) + len(hidden))
            self._calls.append(BatchCall(position, column.name, variant, arguments))
        columns = tuple(column for column, _ in [*items, *hidden])
        first_part = replace(plan, root=replace(plan.root, items=(*items, *hidden), columns=columns))
        self._task = QueryTask(first_part, context, lambda task: _Collect(task, columns))
        self._emit = _second_part(self._task, plan, sink, context)
        self.restore = self._task.restore

    @property
    def keeps_state(self) -> bool:
        return self._task.keeps_state

    @property
    def rejected(self) -> list[Rejected]:
        return self._task.rejected

    def process(self, topic: str, records: Sequence[Record]) -> list[Produced]:
        return self._finish(self._task.process(topic, records))

    def flush(self) -> list[Produced]:
        return self._finish(self._task.flush())

    def release(self) -> list[Produced]:
        return self._finish(self._task.release())

    def drain_changes(self) -> list[Change]:
        return self._task.drain_changes()

    def _finish(self, rows: list[_Row]) -> list[Produced]:
        results = [self._results(call, rows) for call in self._calls]
        positions = [call.position for call in self._calls]
        finished = []
        for number, (key, values, timestamp, record) in enumerate(rows):
            if values is not None:
                changed = list(values)
                for position, column in zip(positions, results, strict=True):
                    changed[position] = column[number]
                values = tuple(changed)
            finished.append((key, values, timestamp, record))
        self._emit(finished)
        return self._task.drain()

    def _results(self, call: BatchCall, rows: Sequence[_Row]) -> list[Any]:
        """One result for each row; NULL where an argument is NULL or the function failed."""
        results: list[Any] = [None] * len(rows)
        arguments: list[tuple[Any, ...]] = []
        numbers = []
        for number, (_, values, _, _) in enumerate(rows):
            given = () if values is None else tuple(values[index] for index in call.arguments)
            if given and None not in given:
                numbers.append(number)
                arguments.append(given)
        if not numbers:
            return results
        assert call.variant.batch is not None
        try:
            found = call.variant.batch(*zip(*arguments, strict=True))
        except Exception:  # noqa: BLE001  a user's function may raise anything: row by row it shows which row it was
            found = [self._one(call, rows[number][3], given) for number, given in zip(numbers, arguments, strict=True)]
        for number, value in zip(numbers, found, strict=True):
            results[number] = value
        return results

    def _one(self, call: BatchCall, record: Record, arguments: tuple[Any, ...]) -> Any:
        try:
            return call.variant.implementation(*arguments)
        except ValueError as error:
            self._task.failed_on(record, call.label, error)
            return None


class _Collect:
    """Takes rows as they are."""

    def __init__(self, task: QueryTask, columns: tuple[Column, ...]) -> None:
        self._task = task
        self._columns = columns

    def stream(self, writer: Writer, scope: Scope) -> None:
        writer.names.update(out=self._task.out, task=self._task)
        row = scope.row_text(self._columns)
        writer.line(f"out.append(({scope.key_text}, {row}, {scope.timestamp}, task.record))")

    def stream_null(self, writer: Writer, scope: Scope) -> None:
        writer.names.update(out=self._task.out, task=self._task)
        writer.line(f"out.append(({scope.key_text}, None, {scope.timestamp}, task.record))")

    def keep(self, key: Key, new: Any, timestamp: int) -> None:
        raise NotImplementedError("only streams are taken")

    def change(self, key: Key, new: Any, old: Any, timestamp: int) -> None:
        raise NotImplementedError("only streams are taken")


def _second_part(task: QueryTask, plan: Plan, sink: Source, context: Context) -> Callable[[Sequence[_Row]], None]:
    """A function of rows that appends what the sink makes of them to ``task.out``."""
    topic = TopicSink(task, plan, sink, context.schemas)
    columns, key_width = plan.root.columns, len(plan.root.key)
    writer = Writer()
    writer.names["task"] = task
    keys = tuple(f"k{index}" for index in range(key_width))
    names = [f"r{index}" for index in range(len(columns))]
    known = {column.name: Code(name, column.type, plain=True) for column, name in zip(columns, names, strict=True)}
    scope = Scope(known, keys, "rowtime")
    with writer.block("def emit(rows):"), writer.block("for key, row, rowtime, task.record in rows:"):
        if keys:
            writer.line(f"{', '.join(keys)}, = key")
        with writer.block("if row is None:"):
            topic.stream_null(writer, scope)
            writer.line("continue")
        writer.line(f"{', '.join(names)}, *_ = row")
        topic.stream(writer, scope)
    return writer.compile("emit")

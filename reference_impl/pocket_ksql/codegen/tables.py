"""Steps of tables: changes ``(key, new row, old row, timestamp)``, handed from closure to closure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pocket_ksql.codegen import aggregates
from pocket_ksql.codegen.rows import Scope
from pocket_ksql.codegen.sources import table_reader
from pocket_ksql.codegen.wiring import Key, OnChange, Row, Wiring
from pocket_ksql.language import expressions as ex
from pocket_ksql.operators.table_join import ForeignKeyJoin as ForeignKeyOperator
from pocket_ksql.operators.table_join import TableTableJoin as TableTableOperator
from pocket_ksql.planner.plan import (
    Aggregate,
    Filter,
    ForeignKeyJoin,
    Project,
    Read,
    Step,
    TableTableJoin,
)
from pocket_ksql.records import Record
from pocket_ksql.schema import Column
from pocket_ksql.writer import Writer


class Tables(Wiring):
    """Attaches the steps that changes of tables flow through."""

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

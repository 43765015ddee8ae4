"""A query on its way to a plan: what its clauses say, and what has been found out about its key so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.planner.plan import Read, Step
from pocket_ksql.planner.resolve import AliasedSource, Resolved
from pocket_ksql.schema import Column, Place
from pocket_ksql.types import SqlType

Typer = Callable[[Expression, Mapping[str, SqlType]], SqlType | None]
"""Gives the type of an expression over columns of given types; raises ``KsqlStatementError`` if it is ill-typed."""


@dataclass(frozen=True)
class Item:
    """One column of the result: its name, its expression over the step below, and whether it came from a star."""

    name: str
    expression: Expression
    from_star: bool = False


def read(one: AliasedSource, prefix: str = "") -> Read:
    """The step that reads a source, its columns named with ``prefix``."""
    columns = tuple(replace(column, name=prefix + column.name) for column in one.columns())
    key = tuple(column.name for column in columns if column.place is Place.KEY)
    return Read(columns, key, one.source.is_table, one.source.window, one.source, one.alias, prefix)


class Draft:
    """What the modules of this package hand round while they build a plan, each for its clause."""

    def __init__(
        self, resolved: Resolved, functions: FunctionRegistry, type_of: Typer, sink: str | None, keyless: bool
    ) -> None:
        self.resolved = resolved
        self.query = resolved.query
        self.functions = functions
        self._type_of = type_of
        self.sink = sink
        self.keyless = keyless
        self.joined = len(resolved.sources) > 1
        self.shown_as: dict[str, str] = {}
        """How messages show columns that only the plan has: the results of aggregates."""
        self.viable_keys: list[str] = []
        """Columns that may stand for the key in the projection."""
        self.key_label = "key column"
        """What messages call the key."""
        self.key_texts: list[str] = []
        """How a message shows the key's expressions, where their names do not say it."""
        self.synthetic_key = False
        """Whether the key is a column that only the plan has, since no column of the join always holds it."""

    def type_of(self, expression: Expression, step: Step) -> SqlType:
        """Type of ``expression`` over ``step``; what is only NULL counts as STRING."""
        return self._type_of(expression, {one.name: one.type for one in step.columns}) or types.STRING

    def column_type(self, expression: Expression, step: Step) -> SqlType:
        """Type of a column that holds ``expression``; raises ``KsqlStatementError`` for what is only NULL."""
        of = self._type_of(expression, {one.name: one.type for one in step.columns})
        if of is None:
            raise KsqlStatementError(
                "Can't infer a type of null. Please explicitly cast it to a required type, e.g. CAST(null AS VARCHAR)."
            )
        return of

    def check_scalar(self, clause: str, expression: Expression) -> None:
        """Raise ``KsqlStatementError`` where a clause asks for more than one row, or makes more than one."""
        for one in ex.walk(expression):
            if isinstance(one, ex.Call) and self.functions.is_aggregate(one.name):
                raise KsqlStatementError(f"{clause} clause cannot contain aggregate functions: {one.name}")
        self.check_one_row(clause, expression)

    def check_one_row(self, clause: str, expression: Expression) -> None:
        """Raise ``KsqlStatementError`` where a clause makes more than one row."""
        for one in ex.walk(expression):
            if isinstance(one, ex.Call) and self.functions.is_table(one.name):
                raise KsqlStatementError(f"{clause} clause cannot contain table functions: {one.name}")

    def internal(self, expression: Expression) -> Expression:
        """``expression`` with its qualified columns under their names inside the plan."""

        def rename(one: Expression) -> Expression | None:
            if isinstance(one, ex.ColumnRef) and one.source is not None:
                name = f"{one.source}_{one.name}" if self.joined else one.name
                return replace(one, name=name, source=None)
            return None

        return ex.transform(expression, rename)

    def shown(self, expression: Expression) -> str:
        """``expression`` as error messages show it."""
        if self.joined:
            return format_expression(expression)

        def bare(one: Expression) -> Expression | None:
            return replace(one, source=None) if isinstance(one, ex.ColumnRef) else None

        return format_expression(ex.transform(expression, bare))

    def key_columns(
        self, step: Step, items: list[Item], expressions: tuple[Expression, ...]
    ) -> tuple[tuple[Column, Expression], ...]:
        """A column for each key expression: itself, the alias it is selected under, or a generated name."""
        keys: list[tuple[Column, Expression]] = []
        taken = {column.name for column in step.columns} | {item.name for item in items}
        number = 0
        for at, original in enumerate(expressions):
            if original in expressions[:at]:
                clause = "GROUP BY" if self.query.group_by else "PARTITION BY"
                raise KsqlStatementError(f"Duplicate {clause} expression: {format_expression(original)}")
            expression = self.internal(original)
            if isinstance(expression, ex.ColumnRef):
                name = expression.name
            else:
                alias = next((item.name for item in items if item.expression == expression), None)
                if alias is None and isinstance(expression, ex.Dereference):
                    alias = expression.field_name
                while alias is None:
                    candidate, number = f"KSQL_COL_{number}", number + 1
                    alias = None if candidate in taken else candidate
                name = alias
            keys.append((Column(name, self.column_type(expression, step), Place.KEY), expression))
        return tuple(keys)

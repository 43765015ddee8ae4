"""A resolved query to the steps of a plan, with the checks that ksqlDB makes on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pocket_ksql import types
from pocket_ksql.errors import ConversionError, KsqlStatementError
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.planner import aggregation, joins
from pocket_ksql.planner.plan import Filter, FlatMap, ForeignKeyJoin, Plan, Project, Read, Rekey, Step
from pocket_ksql.planner.resolve import AliasedSource, Resolved
from pocket_ksql.schema import PSEUDO_COLUMNS, SYSTEM_COLUMNS, WINDOW_BOUNDS, Column, Place
from pocket_ksql.types import SqlType

Typer = Callable[[Expression, Mapping[str, SqlType]], SqlType | None]
"""Gives the type of an expression over columns of given types; raises ``KsqlStatementError`` if it is ill-typed."""


@dataclass(frozen=True)
class Item:
    """One column of the result: its name, its expression over the step below, and whether it came from a star."""

    name: str
    expression: Expression
    from_star: bool = False


def build(
    resolved: Resolved, functions: FunctionRegistry, type_of: Typer, sink: str | None = None, keyless: bool = False
) -> Plan:
    """The plan of a query; ``sink`` names the source it builds, ``None`` for a push or pull query.

    ``keyless`` says that a projection may leave out the key, and the result then has none.
    """
    return _Builder(resolved, functions, type_of, sink, keyless).build()


def read(one: AliasedSource, prefix: str = "") -> Read:
    """The step that reads a source, its columns named with ``prefix``."""
    columns = tuple(replace(column, name=prefix + column.name) for column in one.columns())
    key = tuple(column.name for column in columns if column.place is Place.KEY)
    return Read(columns, key, one.source.is_table, one.source.window, one.source, one.alias, prefix)


class _Builder:
    def __init__(
        self, resolved: Resolved, functions: FunctionRegistry, type_of: Typer, sink: str | None, keyless: bool
    ) -> None:
        self.keyless = keyless
        self.resolved = resolved
        self.query = resolved.query
        self.functions = functions
        self.sink = sink
        self._type_of = type_of
        self.joined = len(resolved.sources) > 1
        self.viable_keys: list[str] = []
        self.key_label = "key column"
        self.shown_as: dict[str, str] = {}
        """How messages show columns that only the plan has: the results of aggregates."""
        self.key_texts: list[str] = []
        """How a message shows the key's expressions, where their names do not say it."""
        self.synthetic_key = False

    # --- helpers -----------------------------------------------------------------------------------------------

    def type_of(self, expression: Expression, step: Step) -> SqlType:
        """Type of ``expression`` over ``step``; what is only NULL counts as STRING."""
        return self._type_of(expression, {one.name: one.type for one in step.columns}) or types.STRING

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

    # --- steps -------------------------------------------------------------------------------------------------

    def build(self) -> Plan:
        query = self.query
        step: Step = joins.build(self) if self.joined else read(self.resolved.sources[0])
        if not self.joined:
            self.viable_keys = list(step.key)
        self._check(step)
        if query.where is not None:
            step = self._filter(step, self.internal(query.where), "WHERE")
        items = list(self._items(step))
        step, items = self._table_functions(step, items)
        if query.partition_by:
            step, items = self._rekey(step, items)
        if query.group_by or self._has_aggregates(items):
            if isinstance(step, FlatMap):
                raise KsqlStatementError("Table functions cannot be used with aggregations.")
            step, items, having = aggregation.build(self, step, items)
            if having is not None:
                step = self._filter(step, having, "HAVING")
        elif query.window is not None:
            raise KsqlStatementError("WINDOW clause requires a GROUP BY clause.")
        elif query.having is not None:
            raise KsqlStatementError("HAVING clause requires aggregate functions or a GROUP BY clause.")
        return self._project(step, items)

    def _check(self, step: Step) -> None:
        query = self.query
        if query.partition_by and step.is_table:
            raise KsqlStatementError("PARTITION BY clause is only supported for STREAM sources.")
        if query.partition_by and query.group_by:
            raise KsqlStatementError("PARTITION BY clause is not supported with GROUP BY.")
        if query.emit == "FINAL" and query.window is None:
            raise KsqlStatementError("EMIT FINAL is only supported for windowed aggregations.")
        clauses = [("WHERE", query.where)] + [("PARTITION BY", one) for one in query.partition_by]
        for clause, expression in clauses:
            for one in ex.walk(expression) if expression is not None else ():
                if isinstance(one, ex.Call) and self.functions.is_aggregate(one.name):
                    raise KsqlStatementError(f"{clause} clause cannot contain aggregate functions: {one.name}")
                if isinstance(one, ex.Call) and self.functions.is_table(one.name):
                    raise KsqlStatementError(f"{clause} clause cannot contain table functions: {one.name}")

    def _filter(self, step: Step, predicate: Expression, label: str) -> Step:
        try:
            return self._checked_filter(step, predicate, label)
        except KsqlStatementError as error:
            message, text = error.message, error.statement_text
            for name, shown in self.shown_as.items():
                message = message.replace(name, shown)
                text = text and text.replace(name, shown)
            raise KsqlStatementError(message, text, error.error_code) from None

    def _checked_filter(self, step: Step, predicate: Expression, label: str) -> Step:
        try:
            of = self.type_of(predicate, step)
        except ConversionError as error:
            raise KsqlStatementError(f"Invalid Predicate: {error.message}", format_expression(predicate)) from None
        except KsqlStatementError as error:
            message = f"Error in {label} expression: {error.message}"
            raise KsqlStatementError(message, error.statement_text or format_expression(predicate)) from None
        if of != types.BOOLEAN:
            text = format_expression(predicate)
            raise KsqlStatementError(
                f"Type error in {label} expression: Should evaluate to boolean but is {text} ({of}) instead."
                f"\nStatement: {text}",
                text,
            )
        return Filter(step.columns, step.key, step.is_table, step.window, step, predicate, label)

    def _items(self, step: Step) -> Iterator[Item]:
        for item in self.query.select:
            match item:
                case st.SelectStar(source):
                    yield from self._star(source, step)
                case st.SelectStruct(expression):
                    yield from self._struct(self.internal(expression), step)
                case st.SelectColumn(expression, alias):
                    assert alias is not None
                    if alias in SYSTEM_COLUMNS and self.sink is not None:
                        raise KsqlStatementError(_reserved(alias, expression))
                    yield Item(alias, self.internal(expression))

    def _star(self, source: str | None, step: Step) -> Iterator[Item]:
        if self.synthetic_key and source is None:
            yield from (Item(name, ex.ColumnRef(name), True) for name in step.key)
        for one in self.resolved.sources:
            if source in (None, one.alias):
                prefix = f"{one.alias}_" if self.joined else ""
                names = [column.name for column in one.source.schema.key]
                if one.source.window is not None and self.sink is None and not self.query.group_by:
                    names += WINDOW_BOUNDS
                names += [column.name for column in one.source.schema if column.place is not Place.KEY]
                if self.joined and self.query.partition_by and self.sink is not None:
                    keys = [column.name for column in one.source.schema.key]
                    names = [*names[len(keys) :], *PSEUDO_COLUMNS, *keys]
                yield from (Item(prefix + name, ex.ColumnRef(prefix + name), True) for name in names)

    def _struct(self, expression: Expression, step: Step) -> Iterator[Item]:
        of = self.type_of(expression, step)
        if not isinstance(of, types.Struct):
            raise KsqlStatementError(
                f"Cannot select all fields ('->*') of {self.shown(expression)}: it is not a STRUCT but {of}."
            )
        for name, _ in of.fields:
            yield Item(name, ex.Dereference(expression, name))

    def _table_functions(self, step: Step, items: list[Item]) -> tuple[Step, list[Item]]:
        calls: dict[ex.Call, Column] = {}

        def replace_calls(expression: Expression) -> Expression:
            def change(one: Expression) -> Expression | None:
                if not (isinstance(one, ex.Call) and self.functions.is_table(one.name)):
                    return None
                if any(
                    isinstance(i, ex.Call) and self.functions.is_table(i.name)
                    for a in one.arguments
                    for i in ex.walk(a)
                ):
                    raise KsqlStatementError("Table functions cannot be nested")
                if self.query.group_by:
                    raise KsqlStatementError("Table functions cannot be used with aggregations.")
                if one not in calls:
                    calls[one] = Column(f"KSQL_SYNTH_{len(calls)}", self.type_of(one, step))
                return ex.ColumnRef(calls[one].name)

            return ex.transform(expression, change)

        replaced = [replace(item, expression=replace_calls(item.expression)) for item in items]
        if not calls:
            return step, items
        if step.is_table:
            raise KsqlStatementError("Table source is not supported with table functions")
        columns = (*step.columns, *calls.values())
        pairs = tuple((column, call) for call, column in calls.items())
        return FlatMap(columns, step.key, False, step.window, step, pairs), replaced

    def _rekey(self, step: Step, items: list[Item]) -> tuple[Step, list[Item]]:
        self.key_label = "partitioning expression"
        self.key_texts = [format_expression(one) for one in self.query.partition_by]
        if step.window is not None:
            raise KsqlStatementError("Implicit repartitioning of windowed sources is not supported. "
                                     "See https://github.com/confluentinc/ksql/issues/4385.")  # fmt: skip
        if all(isinstance(one, ex.NullLiteral) for one in self.query.partition_by):
            self.viable_keys = []
            return Rekey(step.columns, (), False, None, step, ()), items
        if any(isinstance(one, ex.NullLiteral) for one in self.query.partition_by):
            raise KsqlStatementError("Cannot PARTITION BY multiple columns including NULL")
        return self.rekey(step, items, self.query.partition_by)

    def rekey(self, step: Step, items: list[Item], expressions: tuple[Expression, ...]) -> tuple[Step, list[Item]]:
        """A step with the given key, and ``items`` where the key's expressions are replaced by its columns."""
        keys = self.key_columns(step, items, expressions)
        added = tuple(column for column, expression in keys if not _is_column(expression, step))
        columns = (*step.columns, *added)
        names = tuple(column.name for column, _ in keys)
        self.viable_keys = list(names)
        if any(item.from_star for item in items):
            old = [ex.ColumnRef(name) for name in step.key] if not self.joined else []
            items = sorted(items, key=lambda item: item.from_star and item.expression in old)  # old keys come last
            shown = {item.expression for item in items}
            new = [name for name in names if ex.ColumnRef(name) not in shown]
            items = [Item(name, ex.ColumnRef(name), True) for name in new] + items
        known = {expression: column.name for column, expression in keys}
        items = [replace(item, expression=_substitute(item.expression, known)) for item in items]
        return Rekey(columns, names, False, None, step, keys), items

    def key_columns(
        self, step: Step, items: list[Item], expressions: tuple[Expression, ...]
    ) -> tuple[tuple[Column, Expression], ...]:
        """A column for each key expression: itself, the alias it is selected under, or a generated name."""
        keys: list[tuple[Column, Expression]] = []
        taken = {column.name for column in step.columns} | {item.name for item in items}
        number = 0
        for original in expressions:
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
            keys.append((Column(name, self.type_of(expression, step), Place.KEY), expression))
        return tuple(keys)

    def _has_aggregates(self, items: list[Item]) -> bool:
        having = [self.query.having] if self.query.having is not None else []
        expressions = [*(item.expression for item in items), *having]
        return any(
            isinstance(one, ex.Call) and self.functions.is_aggregate(one.name)
            for expression in expressions
            for one in ex.walk(expression)
        )

    # --- the projection ----------------------------------------------------------------------------------------

    def _project(self, step: Step, items: list[Item]) -> Plan:
        names = [item.name for item in items]
        try:
            typed = [(Column(item.name, self.type_of(item.expression, step)), item.expression) for item in items]
        except ConversionError as error:
            raise KsqlStatementError(f"Invalid Select: {error.message}") from None
        for column, _ in reversed(typed):
            if names.count(column.name) > 1:
                raise KsqlStatementError(f"Duplicate value columns found in schema: {column}")
        key = self._result_key(step, items)
        columns: list[tuple[Column, Expression]] = []
        for column, expression in typed:
            place = Place.KEY if column.name in key else Place.VALUE
            columns.append((replace(column, place=place), _without_as_value(expression)))
        selected = tuple(column for column, _ in columns)
        ordered = sorted(columns, key=lambda pair: key.index(pair[0].name) if pair[0].name in key else len(key))
        root = Project(
            tuple(column for column, _ in ordered), tuple(key), step.is_table, step.window, step, tuple(ordered)
        )
        if self.sink is not None and not any(column.place is Place.VALUE for column in selected):
            raise KsqlStatementError("The projection contains no value columns.")
        sources = tuple(one.source for one in self.resolved.sources)
        return Plan(root, selected, sources, self.query.limit)

    def _result_key(self, step: Step, items: list[Item]) -> list[str]:
        """Names of the result's columns that make its key."""
        if not step.key:
            return []
        result: list[str] = []
        for name in step.key:
            candidates = self.viable_keys if len(step.key) == 1 else [name]
            found = [
                item.name
                for item in items
                if isinstance(item.expression, ex.ColumnRef) and item.expression.name in candidates
            ]
            if not found:
                if self.sink is None or self.keyless:
                    continue
                raise KsqlStatementError(self._missing_foreign_key(step) or self._missing_key())
            own = [item.name for item in items if item.expression == ex.ColumnRef(name)]
            if self.sink is not None and len(own) > 1:
                where = f"a key column more than once: {' and '.join(types.quoted(one) for one in own)}"
                if self.key_label in ("join expression", "partitioning expression"):
                    shown = types.quoted(name)
                    where = f"a key column ({shown}) more than once, aliased as: {' and '.join(sorted(own))}"
                raise KsqlStatementError(
                    f"The projection contains {where}."
                    "\nEach key column must only be in the projection once. "
                    "If you intended to copy the key into the value, then consider using the AS_VALUE function "
                    "to indicate which key reference should be copied."
                )
            result.append(own[0] if own else found[0])
        return result

    def _missing_foreign_key(self, step: Step) -> str | None:
        """What is said when a foreign-key join does not select the left table's key."""
        while isinstance(step, Filter):
            step = step.input
        if not isinstance(step, ForeignKeyJoin):
            return None
        left = self.resolved.sources[0]
        names = [column.name for column in left.source.schema.key]
        listed = ", ".join(map(types.quoted, names))
        return (
            "Primary key column missing in projection. For foreign-key table-table joins, the projection must include "
            f"all primary key columns from the left input table ({types.quoted(left.source.name)}). "
            f"Missing column{'s' if len(names) > 1 else ''}: {listed}."
        )

    def _missing_key(self) -> str:
        keys = self.key_texts or [self._shown_key(name) for name in self.viable_keys]
        label, any_of = self.key_label, self.key_label == "join expression"
        label += "s" if len(keys) > 1 else ""
        listed = " or ".join(keys) if any_of else " and ".join(keys)
        if len(keys) > 2:
            listed = ", ".join(keys[:-1]) + (" or " if any_of else " and ") + keys[-1]
        message = (
            f"Key missing from projection (ie, SELECT). \nThe query used to build {types.quoted(self.sink or '')} must "
            f"include the {label} {listed} in its projection (eg, SELECT {keys[0] if any_of else ', '.join(keys)}...)."
        )
        if self.synthetic_key:
            message += (
                f"\n{keys[0]} was added as a synthetic key column because the join criteria did not match any source "
                "column. This expression must be included in the projection and may be aliased. "
            )
        return message

    def _shown_key(self, name: str) -> str:
        for one in self.resolved.sources if self.joined else ():
            if name.startswith(one.alias + "_"):
                return f"{one.alias}.{name.removeprefix(one.alias + '_')}"
        return name


def _reserved(alias: str, expression: Expression) -> str:
    """Why a column of the result cannot have the name of a system column."""
    if isinstance(expression, ex.ColumnRef) and expression.name == alias:
        return f"Reserved column name in select: `{alias}`. Please remove or alias the column."
    return f"`{alias}` is a reserved column name. You cannot use it as an alias for a column."


def _is_column(expression: Expression, step: Step) -> bool:
    return isinstance(expression, ex.ColumnRef) and any(column.name == expression.name for column in step.columns)


def _substitute(expression: Expression, known: Mapping[Expression, str]) -> Expression:
    return ex.transform(expression, lambda one: ex.ColumnRef(known[one]) if one in known else None)


def _without_as_value(expression: Expression) -> Expression:
    if isinstance(expression, ex.Call) and expression.name == "AS_VALUE" and len(expression.arguments) == 1:
        return expression.arguments[0]
    return expression

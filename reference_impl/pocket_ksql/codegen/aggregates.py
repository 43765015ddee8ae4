"""Aggregate steps to operators, and the generated code that feeds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pocket_ksql import types
from pocket_ksql.codegen.expressions import ExpressionCompiler
from pocket_ksql.codegen.rows import RowCompiler, Scope
from pocket_ksql.errors import BAD_REQUEST, KsqlStatementError
from pocket_ksql.formats import find_format
from pocket_ksql.functions.aggregator import Configurable
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.functions.signature import expand, resolve
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.operators.aggregate import Aggregation, Aggregator
from pocket_ksql.operators.windows import SessionAggregation, WindowedAggregation
from pocket_ksql.planner.plan import Aggregate, AggregateCall
from pocket_ksql.schema import Column
from pocket_ksql.types import SqlType
from pocket_ksql.writer import Writer

Operator = Aggregation | WindowedAggregation | SessionAggregation
TIMED = (WindowedAggregation, SessionAggregation)
Key = tuple[Any, ...]
Row = tuple[Any, ...]
OnChange = Callable[[Key, Row | None, Row | None, int], None]

_LITERAL_PARAMETERS = frozenset({"n", "k", "ignoreNulls"})
"""Parameters of aggregates that are part of the function, not of the rows."""
_CONSTANTS = (
    ex.IntegerLiteral,
    ex.StringLiteral,
    ex.BooleanLiteral,
    ex.DoubleLiteral,
    ex.DecimalLiteral,
    ex.NullLiteral,
)


def result_type(compiler: ExpressionCompiler, call: ex.Call) -> SqlType:
    """Type of an aggregate over the columns that ``compiler`` knows."""
    given = [compiler.compile(argument).type for argument in call.arguments]
    match = compiler.functions.match(call.name, given)
    return match.result_type(given)


def _aggregator(
    functions: FunctionRegistry, call: ex.Call, given: list[SqlType | None]
) -> tuple[Aggregator, list[SqlType | None]]:
    """The aggregate for arguments of these types, and the types that its arguments are to be converted to."""
    match = functions.match(call.name, given)
    parameters = expand(match.variant.signature, len(given))
    assert parameters is not None
    targets: list[SqlType | None] = []
    for parameter, of in zip(parameters, given, strict=True):
        target = resolve(parameter.type, match.bound)
        if isinstance(target, types.Decimal) and isinstance(parameter.type, types.Decimal):
            target = of or target
        targets.append(target if types.is_numeric(of) and types.is_numeric(target) else of)
    constants = [_constant(argument) for argument in call.arguments]
    for number, (parameter, argument) in enumerate(zip(parameters, call.arguments, strict=True), 1):
        if parameter.name in _LITERAL_PARAMETERS and not isinstance(argument, _CONSTANTS):
            raise KsqlStatementError(
                f"Parameter {number} passed to function {call.name} must be a literal constant, but was expression: "
                f"'{format_expression(argument)}'"
            )
    aggregator = match.variant.implementation([*targets, match.result_type(given)], constants)
    return aggregator, targets


def _constant(argument: ex.Expression) -> Any:
    if isinstance(argument, ex.NullLiteral):
        return None
    return getattr(argument, "value", None) if isinstance(argument, _CONSTANTS) else None


def operator_of(step: Aggregate, name: str, functions: FunctionRegistry, rows: RowCompiler) -> Operator:
    """The operator that keeps the state of ``step``."""
    columns = {column.name: column.type for column in step.input.columns}
    aggregators = [_aggregator(functions, one.call, _types(functions, columns, one.call))[0] for one in step.calls]
    for one in aggregators:
        if isinstance(one, Configurable):
            one.configure(rows.properties)
    window = step.over
    if window is None:
        return Aggregation(name, aggregators)
    grace = None if window.grace is None else window.grace.milliseconds
    size = window.size.milliseconds
    retention = window.retention.milliseconds if window.retention else None
    if window.kind == "SESSION":
        return SessionAggregation(name, aggregators, size, grace, step.final, retention)
    advance = window.advance.milliseconds if window.advance else size
    return WindowedAggregation(name, aggregators, size, advance, grace, step.final, retention)


def _types(functions: FunctionRegistry, columns: dict[str, SqlType], call: ex.Call) -> list[SqlType | None]:
    from pocket_ksql.codegen.code import Code

    compiler = ExpressionCompiler(Writer(), functions, {name: Code("x", of) for name, of in columns.items()})
    return [compiler.compile(argument).type for argument in call.arguments]


def _arguments(step: Aggregate, writer: Writer, scope: Scope, rows: RowCompiler) -> list[str]:
    """Write the evaluation of all arguments; one text of a tuple for each aggregate."""
    compiler = rows.expressions(writer, scope)
    return [_argument_tuple(one, writer, scope, rows, compiler) for one in step.calls]


def _argument_tuple(
    one: AggregateCall, writer: Writer, scope: Scope, rows: RowCompiler, compiler: ExpressionCompiler
) -> str:
    given = [compiler.compile(argument).type for argument in one.call.arguments]
    _, targets = _aggregator(rows.functions, one.call, given)
    parts = []
    for argument, of, target in zip(one.call.arguments, given, targets, strict=True):
        if of != target and target is not None and of is not None:
            argument = ex.Cast(argument, target)
        parts.append(rows.evaluate(writer, scope, argument, one.call.name).text)
    return f"({''.join(part + ', ' for part in parts)})"


def stream_input(step: Aggregate, operator: Operator, rows: RowCompiler) -> Callable[[Writer, Scope], None]:
    """Writes what hands a row of a stream to the operator; rows with NULL in their group are dropped."""

    def feed(writer: Writer, scope: Scope) -> None:
        keys = [rows.name(writer, scope, one, column.name).text for column, one in step.group_by]
        arguments = _arguments(step, writer, scope, rows)
        add = writer.bind(operator.add, "aggregate")
        with writer.block(f"if {' and '.join(f'{key} is not None' for key in keys) or 'True'}:"):
            key = f"({''.join(key + ', ' for key in keys)})"
            writer.line(f"{add}({', '.join([key, scope.timestamp, *arguments])})")

    return feed


def table_input(step: Aggregate, operator: Aggregation, rows: RowCompiler) -> OnChange:
    """What hands a change of a table to the operator."""
    for one in step.calls:
        compiler_types = _types(rows.functions, {c.name: c.type for c in step.input.columns}, one.call)
        aggregator, _ = _aggregator(rows.functions, one.call, compiler_types)
        if not hasattr(aggregator, "undo"):
            raise KsqlStatementError(
                f"The aggregation function(s) ({one.call.name}) cannot be applied to a table source, "
                "only to a stream source."
            )

    def body(writer: Writer, scope: Scope) -> str:
        keys = [rows.evaluate(writer, scope, one, column.name).text for column, one in step.group_by]
        arguments = _arguments(step, writer, scope, rows)
        return f"(({''.join(key + ', ' for key in keys)}), ({''.join(text + ', ' for text in arguments)}))"

    split = rows.row_function(step.input.columns, body)

    def grouped(key: Key, row: Row | None, timestamp: int) -> tuple[Key, tuple[Row, ...]] | None:
        if row is None:
            return None
        group: tuple[Key, tuple[Row, ...]] = split(key, row, timestamp)
        return None if None in group[0] else group

    def on_change(key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
        operator.change(grouped(key, old, timestamp), grouped(key, new, timestamp), timestamp)

    return on_change


def reorder(step: Aggregate, emit: OnChange) -> OnChange:
    """Changes with rows in the order of the step's columns: group, aggregates, window bounds."""
    if step.over is None:
        return emit
    width = len(step.group_by)

    def on_change(key: Key, new: Row | None, old: Row | None, timestamp: int) -> None:
        bounds = key[width:]
        emit(key, None if new is None else new + bounds, None if old is None else old + bounds, timestamp)

    return on_change


_CANNOT_STORE = (
    "One of the functions used in the statement has an intermediate type that the value format can not handle. "
    "Please remove the function or change the format.\n"
    "Consider up-voting https://github.com/confluentinc/ksql/issues/3950, which will resolve this limitation"
)
_LINE = 80


def check_storable(step: Aggregate, functions: FunctionRegistry, value_format: str) -> None:
    """Refuse aggregates whose state the value's format cannot hold, as a cluster must, which keeps it in a topic."""
    columns = {column.name: column.type for column in step.input.columns}
    expressions = [one for _, one in step.group_by] + [part for one in step.calls for part in one.call.arguments]
    used = dict.fromkeys(one.name for part in expressions for one in ex.walk(part) if isinstance(one, ex.ColumnRef))
    kept = [Column(name, columns[name]) for name in used]
    for one in step.calls:
        of = _aggregator(functions, one.call, _types(functions, columns, one.call))[0].stored()
        kept.append(Column(one.column.name, of or types.STRING))
    try:
        find_format(value_format).check(kept, is_key=False)
    except KsqlStatementError as error:
        schema = ", ".join(map(str, kept))
        problem = (
            f"Value format does not support schema.\nformat: {value_format}\n"
            f"schema: Persistence{{columns=[{schema}], features=[]}}\nreason: {error.message}"
        )
        causes = "".join(f"\nCaused by: {_wrapped(text)}" for text in (problem, error.message))
        raise KsqlStatementError(_CANNOT_STORE + causes, error_code=BAD_REQUEST) from None


def _wrapped(text: str) -> str:
    """Lines of at most 80 characters, broken at spaces; what is broken goes on after a tab."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _LINE:
            lines.append(word)
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return "\n\t".join(lines)

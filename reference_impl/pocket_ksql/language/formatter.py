"""The syntax tree as text, in the canonical form that ksqlDB reports for statements and expressions."""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable
from functools import singledispatch

from pocket_ksql import types
from pocket_ksql.language import expressions as ex
from pocket_ksql.language import statements as st
from pocket_ksql.language.tokens import RESERVED
from pocket_ksql.schema import Place
from pocket_ksql.types import SqlType

_BARE = re.compile(r"[A-Z_@][A-Z0-9_@]*\Z")


def format_name(name: str) -> str:
    """An identifier, in backticks only where it needs them."""
    return name if _BARE.match(name) and name not in RESERVED else types.quoted(name)


def format_string(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def format_type(of: SqlType, leaf: Callable[[SqlType], str] = str, field: Callable[[str], str] = format_name) -> str:
    """A type as in a statement: field names bare where they can be.

    ``leaf`` writes what is made of no other types, ``field`` a field's name.
    """
    match of:
        case types.Array(item):
            return f"ARRAY<{format_type(item, leaf, field)}>"
        case types.Map(key, value):
            return f"MAP<{format_type(key, leaf, field)}, {format_type(value, leaf, field)}>"
        case types.Struct(fields):
            inner = ", ".join(f"{field(name)} {format_type(one, leaf, field)}" for name, one in fields)
            return f"STRUCT<{inner}>"
    return leaf(of)


@singledispatch
def format_expression(expression: ex.Expression) -> str:
    """An expression with every operator in parentheses, as ksqlDB writes them."""
    raise NotImplementedError(type(expression).__name__)


def _list(expressions: tuple[ex.Expression, ...]) -> str:
    return ", ".join(map(format_expression, expressions))


@format_expression.register
def _null(_: ex.NullLiteral) -> str:
    return "null"


@format_expression.register
def _boolean(literal: ex.BooleanLiteral) -> str:
    return str(literal.value).lower()


@format_expression.register
def _integer(literal: ex.IntegerLiteral) -> str:
    return str(literal.value)


@format_expression.register
def _double(literal: ex.DoubleLiteral) -> str:
    return f"{decimal.Decimal(repr(literal.value)).normalize():E}".replace("E+", "E")


@format_expression.register
def _decimal(literal: ex.DecimalLiteral) -> str:
    return f"{literal.value:f}"


@format_expression.register
def _string(literal: ex.StringLiteral) -> str:
    return format_string(literal.value)


@format_expression.register
def _unit(literal: ex.UnitLiteral) -> str:
    return literal.value


@format_expression.register
def _column(column: ex.ColumnRef) -> str:
    name = format_name(column.name)
    return f"{format_name(column.source)}.{name}" if column.source else name


@format_expression.register
def _variable(variable: ex.LambdaVariable) -> str:
    return format_name(variable.name)


@format_expression.register
def _dereference(one: ex.Dereference) -> str:
    return f"{format_expression(one.base)}->{format_name(one.field_name)}"


@format_expression.register
def _subscript(one: ex.Subscript) -> str:
    return f"{format_expression(one.base)}[{format_expression(one.index)}]"


@format_expression.register
def _call(call: ex.Call) -> str:
    return f"{call.name}({_list(call.arguments) if call.arguments or call.name != 'COUNT' else '*'})"


@format_expression.register
def _lambda(function: ex.LambdaFunction) -> str:
    names = ", ".join(map(format_name, function.parameters))
    return f"{f'({names})' if len(function.parameters) > 1 else names} => {format_expression(function.body)}"


@format_expression.register
def _sign(one: ex.Sign) -> str:
    return f"{one.operator}{format_expression(one.value)}"


@format_expression.register(ex.Arithmetic)
@format_expression.register(ex.Comparison)
@format_expression.register(ex.Logical)
def _binary(one: ex.Arithmetic | ex.Comparison | ex.Logical) -> str:
    return f"({format_expression(one.left)} {one.operator} {format_expression(one.right)})"


@format_expression.register
def _not(one: ex.Not) -> str:
    return f"(NOT {format_expression(one.value)})"


@format_expression.register
def _is_null(one: ex.IsNull) -> str:
    return f"({format_expression(one.value)} IS {'NOT ' if one.negated else ''}NULL)"


@format_expression.register
def _between(one: ex.Between) -> str:
    value, low, high = map(format_expression, (one.value, one.low, one.high))
    return f"({value} BETWEEN {low} AND {high})"


@format_expression.register
def _like(one: ex.Like) -> str:
    escape = f" ESCAPE {format_string(one.escape)}" if one.escape else ""
    return f"({format_expression(one.value)} LIKE {format_expression(one.pattern)}{escape})"


@format_expression.register
def _in(one: ex.InList) -> str:
    return f"({format_expression(one.value)} IN ({_list(one.items)}))"


@format_expression.register
def _when(when: ex.When) -> str:
    return f"WHEN {format_expression(when.condition)} THEN {format_expression(when.result)}"


@format_expression.register
def _case(case: ex.Case) -> str:
    parts = ["CASE"]
    if case.operand is not None:
        parts.append(format_expression(case.operand))
    parts += map(format_expression, case.whens)
    if case.default is not None:
        parts.append(f"ELSE {format_expression(case.default)}")
    return f"({' '.join([*parts, 'END'])})"


@format_expression.register
def _cast(cast: ex.Cast) -> str:
    return f"CAST({format_expression(cast.value)} AS {format_type(cast.type)})"


@format_expression.register
def _array(array: ex.CreateArray) -> str:
    return f"ARRAY[{_list(array.items)}]"


@format_expression.register
def _map(one: ex.CreateMap) -> str:
    return f"MAP({', '.join(f'{format_expression(k)}:={format_expression(v)}' for k, v in one.items)})"


@format_expression.register
def _struct(struct: ex.CreateStruct) -> str:
    return f"STRUCT({', '.join(f'{format_name(name)}:={format_expression(value)}' for name, value in struct.items)})"


# --- queries ---------------------------------------------------------------------------------------------------


def _item(item: st.SelectItem) -> str:
    match item:
        case st.SelectStar(source):
            return "*" if source is None else f"{format_name(source)}.*"
        case st.SelectStruct(expression):
            return f"{format_expression(expression)}->*"
    alias = f" {format_name(item.alias)}" if item.alias else ""
    return format_expression(item.expression) + alias


def _duration(duration: st.Duration) -> str:
    return f"{duration.count} {duration.unit}"


def _within(within: st.Within) -> str:
    before, after = _duration(within.before), _duration(within.after)
    text = f" WITHIN {before}" if before == after else f" WITHIN ({before}, {after})"
    return text + (f" GRACE PERIOD {_duration(within.grace)}" if within.grace else "")


def _join(join: st.Join) -> str:
    kind = {"OUTER": "FULL OUTER", "LEFT": "LEFT OUTER", "RIGHT": "RIGHT OUTER"}.get(join.kind, join.kind)
    right = f"{format_name(join.right.name)} {format_name(join.right.alias)}"
    within = _within(join.within) if join.within else ""
    return f"\n{kind} JOIN {right}{within} ON ({format_expression(join.condition)})"


def _window(window: st.Window) -> str:
    parts = [_duration(window.size) if window.kind == "SESSION" else f"SIZE {_duration(window.size)}"]
    if window.advance:
        parts.append(f"ADVANCE BY {_duration(window.advance)}")
    if window.retention:
        parts.append(f"RETENTION {_duration(window.retention)}")
    if window.grace:
        parts.append(f"GRACE PERIOD {_duration(window.grace)}")
    return f"\nWINDOW {window.kind} ( {' , '.join(parts)} ) "


def format_query(query: st.Query) -> str:
    """A SELECT, one column a line."""
    items = list(map(_item, query.select))
    text = "SELECT " + items[0] if len(items) == 1 else "SELECT\n  " + ",\n  ".join(items)
    if len(items) == 1 and items[0] != "*":
        text = "SELECT " + items[0]
    text += f"\nFROM {format_name(query.source.name)} {format_name(query.source.alias)}"
    text += "".join(map(_join, query.joins))
    if query.window:
        text += _window(query.window)
    if query.where is not None:
        text += f"\nWHERE {format_expression(query.where)}"
    if query.group_by:
        text += f"\nGROUP BY {_list(query.group_by)}"
    if query.partition_by:
        text += f"\nPARTITION BY {_list(query.partition_by)}"
    if query.having is not None:
        text += f"\nHAVING {format_expression(query.having)}"
    if query.emit:
        text += f"\nEMIT {query.emit}"
    if query.limit is not None:
        text += f"\nLIMIT {query.limit}"
    return text


# --- statements ------------------------------------------------------------------------------------------------


def _definition(column: st.ColumnDefinition) -> str:
    text = f"{format_name(column.name)} {format_type(column.type)}"
    if column.place is Place.KEY:
        text += " PRIMARY KEY" if column.primary else " KEY"
    elif column.place is Place.HEADERS:
        text += f" HEADER({format_string(column.header)})" if column.header is not None else " HEADERS"
    return text


def format_properties(properties: st.Properties) -> str:
    """A WITH clause, names sorted; nothing when there are none."""
    if not properties:
        return ""
    return f" WITH ({', '.join(f'{name}={format_expression(value)}' for name, value in sorted(properties.items()))})"


def _create(statement: st.CreateSource | st.CreateAs) -> str:
    text = "CREATE "
    if statement.or_replace:
        text += "OR REPLACE "
    if isinstance(statement, st.CreateSource) and statement.read_only:
        text += "SOURCE "
    text += statement.kind + " "
    if statement.if_not_exists:
        text += "IF NOT EXISTS "
    return text + format_name(statement.name)


def format_statement(statement: st.Statement) -> str:
    """A statement that makes or drops something, or a query, with its semicolon."""
    match statement:
        case st.CreateSource():
            columns = f" ({', '.join(map(_definition, statement.columns))})" if statement.columns else ""
            return f"{_create(statement)}{columns}{format_properties(statement.properties)};"
        case st.CreateAs():
            properties = format_properties(statement.properties)
            return f"{_create(statement)}{properties} AS {format_query(statement.query)};"
        case st.InsertInto():
            properties = format_properties(statement.properties)
            return f"INSERT INTO {format_name(statement.target)}{properties} {format_query(statement.query)};"
        case st.InsertValues():
            columns = f"({', '.join(map(types.quoted, statement.columns))}) " if statement.columns else ""
            values = ", ".join(["'[value]'"] * len(statement.values))
            return f"INSERT INTO {types.quoted(statement.target)} {columns}VALUES ({values});"
        case st.Select():
            return format_query(statement.query) + ";"
        case st.DropSource():
            exists = "IF EXISTS " if statement.if_exists else ""
            return f"DROP {statement.kind} {exists}{format_name(statement.name)};"
    raise NotImplementedError(type(statement).__name__)

"""IN on arrays, maps and structs: constructors are read as values of the type that they are compared with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pocket_ksql import types
from pocket_ksql.codegen import casts
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.types import SqlType


def conformed(item: Expression, of: SqlType) -> Expression:
    """``item`` with the text literals in it read as ``of`` asks; raises ``KsqlStatementError`` if one cannot be."""
    match item, of:
        case ex.CreateArray(items), types.Array(inner):
            return ex.CreateArray(tuple(conformed(one, inner) for one in items))
        case ex.CreateMap(pairs), types.Map(key, value):
            return ex.CreateMap(tuple((conformed(one, key), conformed(other, value)) for one, other in pairs))
        case ex.CreateStruct(pairs), types.Struct():
            return ex.CreateStruct(tuple((name, _field(name, one, of)) for name, one in pairs))
        case ex.StringLiteral(text), _ if of != types.STRING and of.base() not in ("ARRAY", "MAP", "STRUCT"):
            return _literal(item, text, of)
    return item


def _field(name: str, item: Expression, of: types.Struct) -> Expression:
    field = of.field(name)
    return item if field is None else conformed(item, field)


def _literal(item: Expression, text: str, of: SqlType) -> Expression:
    read = casts.converter(types.STRING, of)
    try:
        if read is None or read(text) is None:
            raise ValueError(text)
    except (ValueError, ArithmeticError):
        raise KsqlStatementError(f'Invalid Predicate: invalid input syntax for type {of.base()}: "{text}".') from None
    return ex.Cast(item, of)


def check_comparable(left: SqlType, right: SqlType, item: Expression) -> None:
    """Raise ``KsqlStatementError`` if no value of one type can equal one of the other."""
    if not _comparable(left, right):
        raise KsqlStatementError(
            f"Invalid Predicate: operator does not exist: {left} = {right} ({format_expression(item)})"
        )


def _comparable(left: SqlType, right: SqlType) -> bool:
    match left, right:
        case types.Array(one), types.Array(other):
            return _comparable(one, other)
        case types.Map(key, value), types.Map(other_key, other_value):
            return _comparable(key, other_key) and _comparable(value, other_value)
        case types.Struct(fields), types.Struct():
            common = [(of, right.field(name)) for name, of in fields]
            return all(other is None or _comparable(of, other) for of, other in common)
    return left == right or (types.is_numeric(left) and types.is_numeric(right))


def equality(left: SqlType, right: SqlType) -> Callable[[Any, Any], bool]:
    """Tests whether two values are equal; a field that one of two structs lacks counts as NULL there."""
    match left, right:
        case types.Struct(fields), types.Struct(others):
            names = tuple(dict.fromkeys([name for name, _ in (*fields, *others)]))
            return lambda one, other: all(one.get(name) == other.get(name) for name in names)
    return lambda one, other: bool(one == other)

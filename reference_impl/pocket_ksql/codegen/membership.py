"""IN on arrays, maps and structs: constructors are read as values of the type that they are compared with."""

from __future__ import annotations

import decimal
import sys
from collections.abc import Callable
from typing import Any

from pocket_ksql import types
from pocket_ksql.codegen import casts
from pocket_ksql.errors import ConversionError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.types import SqlType


def conformed(item: Expression, of: SqlType) -> Expression:
    """``item`` with the literals in it read as ``of`` asks; raises ``ConversionError`` if one cannot be."""
    match item, of:
        case ex.CreateArray(items), types.Array(inner):
            return ex.CreateArray(tuple(conformed(one, inner) for one in items))
        case ex.CreateMap(pairs), types.Map(key, value):
            return ex.CreateMap(tuple((conformed(one, key), conformed(other, value)) for one, other in pairs))
        case ex.CreateStruct(pairs), types.Struct():
            return ex.CreateStruct(tuple((name, _field(name, one, of)) for name, one in pairs))
        case ex.StringLiteral(value), _ if types.is_numeric(of):
            return _number(value, of)
        case ex.StringLiteral(value), types.BOOLEAN:
            return _boolean(value)
        case ex.StringLiteral(), _ if of != types.STRING and of.base() not in ("ARRAY", "MAP", "STRUCT"):
            check_literal(item, of)
            return ex.Cast(item, of)
    if of == types.STRING and isinstance(item, ex.LITERALS) and not isinstance(item, ex.StringLiteral):
        return ex.Cast(item, types.STRING)
    return item


def _field(name: str, item: Expression, of: types.Struct) -> Expression:
    field = of.field(name)
    return item if field is None else conformed(item, field)


def _number(text: str, of: SqlType) -> Expression:
    """The number in a text, as a literal of a type that is wide enough for it."""
    try:
        value = decimal.Decimal(text.strip())
    except decimal.InvalidOperation:
        raise _unreadable(text, of) from None
    if not value.is_finite() or value.adjusted() > sys.float_info.max_10_exp:
        raise _unreadable(text, of)
    return ex.IntegerLiteral(int(value)) if value == int(value) else ex.DecimalLiteral(value)


def _boolean(text: str) -> Expression:
    """``true``, ``false``, ``yes``, ``no``, or the beginning of one of them."""
    word = text.strip().lower()
    for value, spellings in ((True, ("true", "yes")), (False, ("false", "no"))):
        if word and any(one.startswith(word) for one in spellings):
            return ex.BooleanLiteral(value)
    raise _unreadable(text, types.BOOLEAN)


def _unreadable(text: str, of: SqlType) -> ConversionError:
    return ConversionError(f'invalid input syntax for type {of.base()}: "{text}".')


def check_literal(item: ex.StringLiteral, of: SqlType) -> None:
    """Raise ``ConversionError`` if a text cannot be read as a value of ``of``."""
    read = casts.literal_reader(of)
    try:
        readable = read is not None and read(item.value) is not None
    except (ValueError, ArithmeticError):
        readable = False
    if not readable:
        raise _unreadable(item.value, of)


def no_operator(left: SqlType, right: SqlType, item: Expression) -> ConversionError:
    """The refusal of an item of IN whose type does not go with those before it."""
    return ConversionError(
        f"operator does not exist: {left} = {right} ({format_expression(item)})"
        "\nHint: You might need to add explicit type casts."
    )


def comparable(left: SqlType, right: SqlType) -> bool:
    """Whether a value of one type can equal one of the other."""
    match left, right:
        case types.Array(one), types.Array(other):
            return comparable(one, other)
        case types.Map(key, value), types.Map(other_key, other_value):
            return comparable(key, other_key) and comparable(value, other_value)
        case types.Struct(fields), types.Struct():
            common = [(of, right.field(name)) for name, of in fields]
            return all(other is None or comparable(of, other) for of, other in common)
    return left == right or (types.is_numeric(left) and types.is_numeric(right))


def equality(left: SqlType, right: SqlType) -> Callable[[Any, Any], bool]:
    """Tests whether two values are equal; a field that one of two structs lacks counts as NULL there."""
    match left, right:
        case types.Struct(fields), types.Struct(others):
            names = tuple(dict.fromkeys([name for name, _ in (*fields, *others)]))
            return lambda one, other: all(one.get(name) == other.get(name) for name in names)
    return lambda one, other: bool(one == other)

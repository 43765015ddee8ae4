"""Conditions: comparisons, BETWEEN, LIKE, IN, and what joins them."""

from __future__ import annotations

import re
from collections.abc import Callable

from pocket_ksql import temporal, types, utf16
from pocket_ksql.codegen import casts, membership
from pocket_ksql.codegen.code import READ_FROM_TEXT, Code, ExpressionError, problem
from pocket_ksql.codegen.coercion import literal_of
from pocket_ksql.codegen.compiler import Compiler, Kinds
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.types import SqlType

_UNORDERED = ("BOOLEAN", "ARRAY", "MAP", "STRUCT")
"""Types whose values can only be equal or not."""


def _logical(compiler: Compiler, one: ex.Logical) -> Code:
    """A chain of ANDs or ORs in one piece: nested, a long one would be too deep for Python's parser."""
    codes = [_condition(compiler, part, one) for part in _chain(one)]
    *before, last = codes
    nullable, fallible = any(code.nullable for code in codes), any(code.fallible for code in codes)
    if one.operator == "AND" or not any(code.nullable for code in before):
        text = f" {one.operator.lower()} ".join(code.text for code in codes)
    else:  # as in ksqlDB, a NULL before OR makes the whole NULL, whatever follows
        names = [compiler.writer.fresh("t") for _ in before]
        tests = (
            f"{name} if ({name} := {code.text}) is not False else " for name, code in zip(names, before, strict=True)
        )
        text = "".join(tests) + last.text
    return Code(f"({text})", types.BOOLEAN, nullable, fallible=fallible)


def _chain(one: ex.Logical) -> list[Expression]:
    """The parts of ``a OR b OR c``, which is ``(a OR b) OR c``; of AND as well."""
    parts: list[Expression] = [one.right]
    first = one.left
    while isinstance(first, ex.Logical) and first.operator == one.operator:
        parts.append(first.right)
        first = first.left
    return [first, *reversed(parts)]


def _condition(compiler: Compiler, part: Expression, whole: Expression) -> Code:
    code = compiler.compile(part)
    if code.type not in (types.BOOLEAN, None):
        raise problem(whole, f"Expected BOOLEAN but got {code.type}: {format_expression(part)}")
    return code


def _not(compiler: Compiler, one: ex.Not) -> Code:
    value = _condition(compiler, one.value, one)
    text = compiler.guard([value], lambda names: f"not {names[0]}")
    return Code(text, types.BOOLEAN, value.nullable, fallible=value.fallible)


def _is_null(compiler: Compiler, one: ex.IsNull) -> Code:
    value = compiler.compile(one.value)
    if not value.nullable and not value.fallible:
        return Code(str(one.negated), types.BOOLEAN, nullable=False, plain=True)
    text = f"({value.text} is {'not ' if one.negated else ''}None)"
    return Code(text, types.BOOLEAN, nullable=False, fallible=value.fallible)


def _beside(compiler: Compiler, other: Expression, part: Expression) -> Code:
    """``part``, compared with ``other``: text beside ROWTIME or a window's bound is a timestamp."""
    if isinstance(part, ex.StringLiteral) and _is_moment(other):
        return literal_of(compiler, part, types.BIGINT, temporal.parse_timestamp)
    return compiler.compile(part)


def comparable(compiler: Compiler, left: Code, right: Code, whole: Expression) -> tuple[Code, Code]:
    """Both sides brought to a type on which Python compares them as SQL does."""
    a, b = left.type, right.type
    if a is None or b is None or a == b:
        return left, right
    if types.is_numeric(a) and types.is_numeric(b):
        if {a.base(), b.base()} == {"DECIMAL", "DOUBLE"} and not compiler.exact:
            return compiler.convert(left, types.DOUBLE, whole), compiler.convert(right, types.DOUBLE, whole)
        return left, right
    if a == types.STRING and b.base() in READ_FROM_TEXT:
        return compiler.call(casts.cast(a, b), [left], b), right
    if b == types.STRING and a.base() in READ_FROM_TEXT:
        return left, compiler.call(casts.cast(b, a), [right], a)
    if {a.base(), b.base()} == {"DATE", "TIMESTAMP"}:
        return compiler.convert(left, types.TIMESTAMP, whole), compiler.convert(right, types.TIMESTAMP, whole)
    if a.base() == b.base() and a.base() in ("ARRAY", "MAP", "STRUCT"):
        return left, right
    raise cannot_compare(whole, a, b)


def _comparison(compiler: Compiler, one: ex.Comparison) -> Code:
    original_left, original_right = _beside(compiler, one.right, one.left), _beside(compiler, one.left, one.right)
    distinct = "DISTINCT" in one.operator
    if not distinct and (original_left.type is None or original_right.type is None):
        if isinstance(one.left, ex.NullLiteral) or isinstance(one.right, ex.NullLiteral):
            sides = [str(code.type or "NULL") for code in (original_left, original_right)]
            text = format_expression(one)
            raise KsqlStatementError(
                f"Comparison with NULL not supported: {sides[0]} {one.operator} {sides[1]}"
                f"\nUse 'IS NULL' or 'IS NOT NULL' instead.\nStatement: {text}",
                text,
            )
        return Code("False", types.BOOLEAN, nullable=False, plain=True)
    left, right = comparable(compiler, original_left, original_right, one)
    base = left.type.base() if left.type else None
    if base in _UNORDERED and one.operator not in ("=", "<>") and not distinct:
        assert left.type is not None
        assert right.type is not None
        raise cannot_compare(one, left.type, right.type)
    fallible = left.fallible or right.fallible
    if distinct:
        operator = "==" if one.operator.startswith("IS NOT") else "!="
        return Code(f"({left.text} {operator} {right.text})", types.BOOLEAN, nullable=False, fallible=fallible)
    operator = {"=": "==", "<>": "!="}.get(one.operator, one.operator)
    wrap = _in_java_order(compiler, (one.left, left), (one.right, right)) if operator not in ("==", "!=") else str
    text = compiler.guard([left, right], lambda names: f" {operator} ".join(map(wrap, names)), "False")
    return Code(text, types.BOOLEAN, nullable=False, fallible=fallible)


def _in_java_order(compiler: Compiler, *sides: tuple[Expression, Code]) -> Callable[[str], str]:
    """What makes of a value's text one that Python orders as Java does: nothing, except for some texts."""
    if sides[0][1].type != types.STRING or sum(map(_orders_alike, sides)) >= len(sides) - 1:
        return str
    units = compiler.writer.bind(utf16.units, "units")
    return lambda text: f"{units}({text})"


def _orders_alike(side: tuple[Expression, Code]) -> bool:
    expression, _ = side
    return isinstance(expression, ex.StringLiteral) and utf16.orders_alike(expression.value)


def _between(compiler: Compiler, one: ex.Between) -> Code:
    low, high = (_beside(compiler, one.value, part) for part in (one.low, one.high))
    value, low = comparable(compiler, compiler.compile(one.value), low, one)
    value, high = comparable(compiler, value, high, one)
    value, low = comparable(compiler, value, low, one)
    if value.type is not None and value.type.base() in _UNORDERED:
        raise cannot_compare(ex.Comparison(">=", one.value, one.low), value.type, low.type or value.type)
    wrap = _in_java_order(compiler, (one.low, low), (one.high, high), (one.value, value))

    def within(names: list[str]) -> str:
        middle, first, last = map(wrap, names)
        return f"{first} <= {middle} <= {last}"

    text = compiler.guard([value, low, high], within, "False")
    return Code(text, types.BOOLEAN, nullable=False, fallible=value.fallible or low.fallible or high.fallible)


def _like(compiler: Compiler, one: ex.Like) -> Code:
    value, pattern = compiler.compile(one.value), compiler.compile(one.pattern)
    for of in (value.type, pattern.type):
        if of not in (types.STRING, None):
            raise problem(one, f"LIKE is only supported on STRING, not {of}")
    if isinstance(one.pattern, ex.StringLiteral):
        test: Callable[..., bool] = like_pattern(one.pattern.value, one.escape)
        code = compiler.call(test, [value], types.BOOLEAN)
    else:
        escape = one.escape
        code = compiler.call(lambda text, like: like_pattern(like, escape)(text), [value, pattern], types.BOOLEAN)
    return Code(f"bool({code.text})", types.BOOLEAN, nullable=False, fallible=True)


def _in(compiler: Compiler, one: ex.InList) -> Code:
    common = compiler.compile(one.value).type
    codes = []
    for item in one.items:
        if not isinstance(item, ex.NullLiteral):
            common, item = _in_item(compiler, common, item)
            codes.append(_equals(compiler, one.value, item))
    if not codes:
        return Code("False", types.BOOLEAN, nullable=False, plain=True)
    fallible = any(code.fallible for code in codes)
    return Code(f"({' or '.join(code.text for code in codes)})", types.BOOLEAN, nullable=False, fallible=fallible)


def _in_item(compiler: Compiler, common: SqlType | None, item: Expression) -> tuple[SqlType | None, Expression]:
    """The type that goes with all items so far and this one; the item with its literals read as that type."""
    if common is None:
        return compiler.compile(item).type, item
    item = membership.conformed(item, common)
    of = compiler.compile(item).type
    if of is None or of == common or membership.comparable(common, of):
        wider = types.common_numeric(common, of) if of and types.is_numeric(common) else common
        return wider, item
    raise membership.no_operator(common, of, item)


def _equals(compiler: Compiler, value: Expression, item: Expression) -> Code:
    left = compiler.compile(value)
    if left.type is not None and left.type.base() in ("ARRAY", "MAP", "STRUCT"):
        return _in_nested(compiler, left, item)
    return compiler.compile(ex.Comparison("=", value, item))


def _in_nested(compiler: Compiler, value: Code, item: Expression) -> Code:
    code = compiler.compile(item)
    if value.type is None or code.type is None:
        return Code("False", types.BOOLEAN, nullable=False, plain=True)
    same = compiler.writer.bind(membership.equality(value.type, code.type), "same")
    text = compiler.guard([value, code], lambda names: f"{same}({', '.join(names)})", "False")
    return Code(text, types.BOOLEAN, nullable=False, fallible=True)


def _is_moment(expression: Expression) -> bool:
    return isinstance(expression, ex.ColumnRef) and expression.name.endswith(("ROWTIME", "WINDOWSTART", "WINDOWEND"))


def cannot_compare(whole: Expression, left: SqlType, right: SqlType) -> ExpressionError:
    """The refusal of a comparison, with both sides and their types."""
    operator = {"=": "EQUAL", "<>": "NOT_EQUAL", "<": "LESS_THAN", "<=": "LESS_THAN_OR_EQUAL", ">": "GREATER_THAN",
                ">=": "GREATER_THAN_OR_EQUAL"}  # fmt: skip
    name = operator.get(getattr(whole, "operator", "="), "EQUAL")
    sides = getattr(whole, "left", None), getattr(whole, "right", None)
    shown = [
        str(of) if side is None else f"{format_expression(side)} ({of})"
        for side, of in zip(sides, (left, right), strict=True)
    ]
    text = format_expression(whole)
    return ExpressionError(f"Cannot compare {shown[0]} to {shown[1]} with {name}.\nStatement: {text}", text)


def like_pattern(pattern: str, escape: str | None = None) -> Callable[[str], bool]:
    """The test behind LIKE: ``%`` stands for any text, ``_`` for one character, after ``escape`` for themselves.

    A character is a unit of UTF-16 here: an emoji is two.
    """
    pattern = utf16.units(pattern)
    parts = []
    index = 0
    while index < len(pattern):
        character = pattern[index]
        if escape and character == escape and index + 1 < len(pattern):
            index += 1
            parts.append(re.escape(pattern[index]))
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
        index += 1
    matcher = re.compile("".join(parts), re.DOTALL).fullmatch
    return lambda text: matcher(utf16.units(text)) is not None


CONDITIONS: Kinds = {
    ex.Logical: _logical,
    ex.Not: _not,
    ex.IsNull: _is_null,
    ex.Comparison: _comparison,
    ex.Between: _between,
    ex.Like: _like,
    ex.InList: _in,
}

"""Lists of expressions: the type that goes with all of them, and literals read as values of that type."""

from __future__ import annotations

import contextlib
import decimal

from pocket_ksql import types
from pocket_ksql.codegen import casts, membership
from pocket_ksql.codegen.code import Code, problem
from pocket_ksql.codegen.compiler import Compiler
from pocket_ksql.errors import ConversionError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.expressions import Expression
from pocket_ksql.types import SqlType


def common_type(codes: list[Code], whole: Expression, what: str) -> SqlType | None:
    """The one type that all of ``codes`` have or convert to."""
    common: SqlType | None = None
    for code in codes:
        if code.type is None or code.type == common:
            continue
        common = code.type if common is None else wider_type(common, code.type, whole, what)
    return common


def wider_type(left: SqlType, right: SqlType, whole: Expression, what: str) -> SqlType:
    """The type that both convert to; ``what`` of ``whole`` is refused where there is none."""
    if types.is_numeric(left) and types.is_numeric(right):
        return types.common_numeric(left, right)
    match left, right:
        case types.Array(one), types.Array(other):
            return types.Array(one if one == other else wider_type(one, other, whole, what))
        case types.Map(key, value), types.Map(other_key, other_value) if key == other_key:
            return types.Map(key, value if value == other_value else wider_type(value, other_value, whole, what))
        case types.Struct(fields), types.Struct(others):
            names = list(dict.fromkeys([name for name, _ in fields] + [name for name, _ in others]))
            known, more = dict(fields), dict(others)
            return types.Struct(
                tuple(
                    (
                        name,
                        wider_type(known[name], more[name], whole, what)
                        if name in known and name in more and known[name] != more[name]
                        else known.get(name) or more[name],
                    )
                    for name in names
                )
            )
    raise problem(whole, f"Invalid {what} expression. All values must be of compatible types: {left}, {right}")


def coerce_literals(compiler: Compiler, codes: list[Code], items: tuple[Expression, ...]) -> list[Code]:
    """String literals among values of another type are read as values of that type."""
    pairs = list(zip(codes, items, strict=True))
    others = [code for code, item in pairs if not isinstance(item, ex.StringLiteral) and code.type is not None]
    first = next((code for code in codes if code.type is not None), None)
    if any(code.type == types.STRING for code in others) or (first is not None and first.type == types.STRING):
        return [_as_text(compiler, code, item) for code, item in pairs]
    if not others:
        return codes
    target = others[0].type
    assert target is not None
    result = []
    for code, item in zip(codes, items, strict=True):
        if isinstance(item, ex.StringLiteral) and target in (types.INTEGER, types.BIGINT):
            result.append(_number_literal(compiler, item, target))
        elif isinstance(item, ex.StringLiteral):
            read = casts.literal_reader(target)
            if read is None:
                return codes
            result.append(literal_of(compiler, item, target, read))
        else:
            result.append(code)
    return result


def _as_text(compiler: Compiler, code: Code, item: Expression) -> Code:
    """An item beside texts: a literal becomes text; nothing else does by itself."""
    if code.type is None or code.type == types.STRING:
        return code
    if not isinstance(item, ex.LITERALS):
        raise membership.no_operator(types.STRING, code.type, item)
    return compiler.convert(code, types.STRING, item)


def _number_literal(compiler: Compiler, item: ex.StringLiteral, target: SqlType) -> Code:
    """A number in text beside whole numbers: one of them, or a DECIMAL if it is written with an exponent."""
    read = casts.converter(types.STRING, target)
    assert read is not None
    if "e" in item.value.lower():
        with contextlib.suppress(decimal.InvalidOperation):
            value = decimal.Decimal(item.value)
            return compiler.compile(
                ex.DecimalLiteral(value.quantize(decimal.Decimal(1)) if value == value.to_integral_value() else value)
            )
    return literal_of(compiler, item, target, read)


def literal_of(compiler: Compiler, item: ex.StringLiteral, target: SqlType, read: casts.Converter) -> Code:
    """A text literal as the value of ``target`` that ``read`` makes of it; raises ``ConversionError``."""
    try:
        value = read(item.value)
    except (ValueError, ArithmeticError):
        raise ConversionError(f'invalid input syntax for type {target.base()}: "{item.value}".') from None
    return Code(compiler.writer.bind(value, "k"), target, nullable=False, plain=True)

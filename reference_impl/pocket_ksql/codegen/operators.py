"""Signs and arithmetic."""

from __future__ import annotations

from pocket_ksql import types
from pocket_ksql.codegen import arithmetic
from pocket_ksql.codegen.code import Code, problem
from pocket_ksql.codegen.compiler import Compiler, Kinds
from pocket_ksql.decimals import EXACT
from pocket_ksql.integers import wrapper
from pocket_ksql.language import expressions as ex


def _sign(compiler: Compiler, one: ex.Sign) -> Code:
    value = compiler.compile(one.value)
    if not types.is_numeric(value.type):
        raise problem(one, f"Unsupported sign on {value.type}")
    if one.operator == "-" and value.type in (types.INTEGER, types.BIGINT) and not isinstance(one.value, ex.LITERALS):
        wrap = compiler.writer.bind(wrapper(value.type), "f")  # the least of them has no positive counterpart
        text = compiler.guard([value], lambda names: f"{wrap}(-{names[0]})")
    elif isinstance(value.type, types.Decimal):
        return compiler.call(EXACT.minus, [value], value.type) if one.operator == "-" else value
    else:
        text = compiler.guard([value], lambda names: f"{one.operator}{names[0]}")
    return Code(text, value.type, value.nullable, fallible=value.fallible)


def _arithmetic(compiler: Compiler, one: ex.Arithmetic) -> Code:
    left, right = compiler.compile(one.left), compiler.compile(one.right)
    if one.operator == "+" and left.type == right.type == types.STRING:
        text = compiler.guard([left, right], " + ".join, strict=True)
        nullable, fallible = left.nullable or right.nullable, left.fallible or right.fallible
        return Code(text, types.STRING, nullable, fallible=fallible)
    if left.type is None or right.type is None:
        shown = [str(code.type or "null") for code in (left, right)]
        raise problem(one, f"Arithmetic on types {shown[0]} and {shown[1]} are not supported.")
    if not (types.is_numeric(left.type) and types.is_numeric(right.type)):
        raise problem(one, f"Unsupported arithmetic types. {left.type.base()} {right.type.base()}")
    assert left.type is not None
    assert right.type is not None
    result = arithmetic.result_type(one.operator, left.type, right.type)
    fallible = left.fallible or right.fallible
    if isinstance(result, types.Decimal):
        left = compiler.convert(left, types.as_decimal(left.type), one)
        right = compiler.convert(right, types.as_decimal(right.type), one)
        return compiler.call(arithmetic.decimal_operation(one.operator, result), [left, right], result)
    if result == types.DOUBLE:
        left, right = compiler.convert(left, result, one), compiler.convert(right, result, one)
        if one.operator in "+-*":
            text = compiler.guard([left, right], f" {one.operator} ".join, strict=True)
            return Code(text, result, left.nullable or right.nullable, fallible=fallible)
        function = arithmetic.divide_double if one.operator == "/" else arithmetic.modulo_double
        return compiler.call(function, [left, right], result)
    if one.operator in "+-*":
        wrap = compiler.writer.bind(wrapper(result), "f")
        text = compiler.guard([left, right], lambda names: f"{wrap}({f' {one.operator} '.join(names)})", strict=True)
        return Code(text, result, left.nullable or right.nullable, fallible=fallible)
    if one.operator == "%":
        return compiler.call(arithmetic.modulo_int, [left, right], result)
    fit = wrapper(result)
    return compiler.call(lambda left, right: fit(arithmetic.divide_int(left, right)), [left, right], result)


OPERATORS: Kinds = {
    ex.Sign: _sign,
    ex.Arithmetic: _arithmetic,
}

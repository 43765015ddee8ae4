"""Calls of functions, lambdas among their arguments."""

from __future__ import annotations

import re

from pocket_ksql import types
from pocket_ksql.codegen.code import READ_FROM_TEXT, Code, problem
from pocket_ksql.codegen.compiler import Compiler, Kinds
from pocket_ksql.functions.families import nulls
from pocket_ksql.functions.signature import Argument, LambdaShape, bind, expand, resolve
from pocket_ksql.language import expressions as ex
from pocket_ksql.types import SqlType


def _function(compiler: Compiler, call: ex.Call) -> Code:
    given: list[Argument] = []
    codes: list[Code | None] = []
    for argument in call.arguments:
        if isinstance(argument, ex.LambdaFunction):
            given.append(LambdaShape(len(argument.parameters)))
            codes.append(None)
        else:
            compiled = compiler.compile(argument)
            given.append(compiled.type)
            codes.append(compiled)
    match = compiler.functions.match(call.name, given)
    parameters = expand(match.variant.signature, len(given))
    assert parameters is not None
    arguments: list[Code] = []
    for parameter, code, argument in zip(parameters, codes, call.arguments, strict=True):
        if isinstance(argument, ex.LambdaFunction):
            assert isinstance(parameter.type, types.Lambda)
            body = _lambda(compiler, argument, parameter.type, match.bound)
            arguments.append(body)
            continue
        assert code is not None
        target = resolve(parameter.type, match.bound)
        numeric = types.is_numeric(code.type) and types.is_numeric(target)
        generic_decimal = isinstance(target, types.Decimal) and isinstance(parameter.type, types.Decimal)
        if numeric and target != code.type and not (generic_decimal and isinstance(code.type, types.Decimal)):
            assert code.type is not None
            code = compiler.convert(code, types.as_decimal(code.type) if generic_decimal else target, argument)
        elif code.type == types.STRING and target.base() in READ_FROM_TEXT:
            code = compiler.convert(code, target, argument)
        arguments.append(code)
    known = [code.type for code in arguments]
    result = match.result_type(known)
    function = match.variant.implementation
    if function is nulls.ifnull and arguments[1].plain:
        return _if_null(compiler, arguments[0], arguments[1], result)
    if match.variant.typed:
        function = function([*known, result])
    name = compiler.writer.bind(function, f"f_{re.sub('[^A-Z0-9_]', '_', call.name)}")
    if match.variant.null_in_null_out:
        text = compiler.guard(arguments, lambda names: f"{name}({', '.join(names)})")
    else:
        text = f"{name}({', '.join(code.text for code in arguments)})"
    return Code(text, result, fallible=True)


def _if_null(compiler: Compiler, value: Code, alternative: Code, of: SqlType) -> Code:
    """IFNULL with a literal or a column, written out: the call costs more than what it does."""
    text = compiler.guard([value], lambda names: names[0], when_null=alternative.text)
    nullable = value.nullable and alternative.nullable
    return Code(text, of, nullable, fallible=value.fallible or alternative.fallible)


def _lambda(compiler: Compiler, function: ex.LambdaFunction, declared: types.Lambda, bound: dict[str, SqlType]) -> Code:
    outer = dict(compiler.lambda_types)
    for name, of in zip(function.parameters, declared.parameters, strict=True):
        compiler.lambda_types[name] = resolve(of, bound)
    body = compiler.compile(function.body)
    compiler.lambda_types = outer
    if body.type is not None:
        bind(declared.result, body.type, bound)
    target = resolve(declared.result, bound)
    if types.is_numeric(body.type) and types.is_numeric(target) and body.type != target:
        body = compiler.convert(body, target, function)
    elif body.type is not None and body.type.base() != target.base() and not isinstance(target, types.Generic):
        raise problem(function, f"Expected lambda to return {target}, but it returns {body.type}.")
    parameters = ", ".join(f"l_{name}" for name in function.parameters)
    return Code(f"(lambda {parameters}: {body.text})", declared, nullable=False)


CALLS: Kinds = {
    ex.Call: _function,
}

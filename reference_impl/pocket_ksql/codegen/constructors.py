"""CASE, CAST, and the constructors of arrays, maps and structs."""

from __future__ import annotations

from functools import partial

from pocket_ksql import types
from pocket_ksql.codegen.code import Code, ExpressionError, attempt, problem
from pocket_ksql.codegen.coercion import coerce_literals, common_type
from pocket_ksql.codegen.compiler import Compiler, Kinds
from pocket_ksql.errors import ConversionError, KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.types import SqlType


def _case(compiler: Compiler, case: ex.Case) -> Code:
    conditions, results = [], []
    for when in case.whens:
        condition = when.condition
        if case.operand is not None:
            condition = ex.Comparison("=", case.operand, condition)
        code = compiler.compile(condition)
        if code.type != types.BOOLEAN:
            shown = f"Type for '{format_expression(when.condition)}' is {code.type or 'null'}"
            raise KsqlStatementError(f"WHEN operand type should be boolean.\n{shown}")
        conditions.append(code)
        results.append(compiler.compile(when.result))
    default = compiler.compile(case.default) if case.default is not None else Code("None", None, plain=True)
    of = _case_type(case, results, default)
    parts = [compiler.convert(code, of, case) for code in [*results, default]]
    text = parts[-1].text
    for test, part in zip(reversed(conditions), reversed(parts[:-1]), strict=True):
        text = f"({part.text} if {test.text} else {text})"
    fallible = any(code.fallible for code in [*conditions, *parts])
    return Code(text, of, any(code.nullable for code in parts), fallible=fallible)


def _case_type(case: ex.Case, results: list[Code], default: Code) -> SqlType:
    """The type of all results: nothing is converted, not even between numbers."""
    found: SqlType | None = None
    for when, code in zip(case.whens, results, strict=True):
        if found is not None and code.type not in (None, found):
            raise KsqlStatementError(
                f"Invalid Case expression. Type for all 'THEN' clauses should be the same."
                f"\nTHEN expression '{format_expression(when.result)}' has type: {code.type}."
                f"\nPrevious THEN expression(s) type: {found}."
            )
        found = found or code.type
    if found is not None and default.type not in (None, found):
        raise KsqlStatementError(
            f"Invalid Case expression. Type for the default clause should be the same as for 'THEN' clauses."
            f"\nTHEN type: {found}."
            f"\nDEFAULT type: {default.type}."
        )
    found = found or default.type
    if found is None:
        raise KsqlStatementError("Invalid Case expression. All case branches have a NULL type")
    return found


def _cast(compiler: Compiler, cast: ex.Cast) -> Code:
    value = compiler.compile(cast.value)
    if value.type is None:
        return Code("None", cast.type, plain=True)
    try:
        return compiler.convert(value, cast.type, cast)
    except ExpressionError:
        raise ConversionError(f"Cast of {value.type} to {cast.type} is not supported") from None


def _array(compiler: Compiler, array: ex.CreateArray) -> Code:
    codes = [compiler.compile(item) for item in array.items]
    if not codes:
        raise problem(array, "Array constructor cannot be empty. Please supply at least one element "
                       "(see https://github.com/confluentinc/ksql/issues/4239).")  # fmt: skip
    codes = coerce_literals(compiler, codes, array.items)
    item = common_type(codes, array, "ARRAY")
    if item is None:
        raise problem(array, "Cannot construct an array with all NULL elements "
                       "(see https://github.com/confluentinc/ksql/issues/4239). As a workaround, you may cast a "
                       "NULL value to the desired type.")  # fmt: skip
    codes = [compiler.convert(code, item, array) for code in codes]
    text = f"[{', '.join(_attempted(compiler, code, 'array item') for code in codes)}]"
    return Code(text, types.Array(item), nullable=False)


def _attempted(compiler: Compiler, code: Code, label: str) -> str:
    """What fails inside a constructor becomes NULL there, and is logged; the rest of the value stays."""
    if not code.fallible:
        return code.text
    name = compiler.writer.bind(partial(attempt, label=label, failed=compiler.failed), "attempt")
    return f"{name}(lambda: {code.text})"


def _map(compiler: Compiler, one: ex.CreateMap) -> Code:
    if not one.items:
        raise problem(one, "Map constructor cannot be empty. Please supply at least one key value pair "
                       "(see https://github.com/confluentinc/ksql/issues/4239).")  # fmt: skip
    keys = coerce_literals(compiler, [compiler.compile(key) for key, _ in one.items], tuple(k for k, _ in one.items))
    values = coerce_literals(
        compiler, [compiler.compile(value) for _, value in one.items], tuple(v for _, v in one.items)
    )
    key, value = common_type(keys, one, "MAP"), common_type(values, one, "MAP")
    if key is None or value is None:
        raise problem(one, "Cannot construct a map with all NULL values "
                       "(see https://github.com/confluentinc/ksql/issues/4239). As a workaround, you may cast a "
                       "NULL value to the desired type.")  # fmt: skip
    entries = [
        ": ".join(
            _attempted(compiler, compiler.convert(code, of, one), label)
            for code, of, label in ((k, key, "map key"), (v, value, "map value"))
        )
        for k, v in zip(keys, values, strict=True)
    ]
    return Code(f"{{{', '.join(entries)}}}", types.Map(key, value), nullable=False, fallible=True)


def _struct(compiler: Compiler, struct: ex.CreateStruct) -> Code:
    codes = [(name, compiler.compile(value)) for name, value in struct.items]
    if len({name for name, _ in codes}) < len(codes):
        raise problem(struct, f"Duplicate field names found in STRUCT: '{format_expression(struct)}'.")
    text = ", ".join(f"{name!r}: {_attempted(compiler, code, 'struct field')}" for name, code in codes)
    of = types.Struct(tuple((name, code.type or types.STRING) for name, code in codes))
    return Code(f"{{{text}}}", of, nullable=False, fallible=any(code.fallible for _, code in codes))


CONSTRUCTORS: Kinds = {
    ex.Case: _case,
    ex.Cast: _cast,
    ex.CreateArray: _array,
    ex.CreateMap: _map,
    ex.CreateStruct: _struct,
}

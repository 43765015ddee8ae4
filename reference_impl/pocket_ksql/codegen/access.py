"""Columns, variables of lambdas, and what is inside structs, arrays and maps."""

from __future__ import annotations

from typing import Any

from pocket_ksql import types
from pocket_ksql.codegen.code import Code, problem
from pocket_ksql.codegen.compiler import Compiler, Kinds
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.formatter import format_expression


def _column(compiler: Compiler, column: ex.ColumnRef) -> Code:
    found = compiler.columns.get(column.name)
    if found is None:
        raise KsqlStatementError(f"column '{format_expression(column)}' cannot be resolved.")
    return found


def _variable(compiler: Compiler, variable: ex.LambdaVariable) -> Code:
    return Code(f"l_{variable.name}", compiler.lambda_types.get(variable.name), plain=True)


def _dereference(compiler: Compiler, one: ex.Dereference) -> Code:
    base = compiler.compile(one.base)
    if not isinstance(base.type, types.Struct):
        raise problem(one, f"Dereference operator is only supported on STRUCT, not {base.type}")
    of = base.type.field(one.field_name)
    if of is None:
        raise problem(one, f"Could not find field '{one.field_name}' in {base.type}.")
    text = compiler.guard([base], lambda names: f"{names[0]}.get({one.field_name!r})")
    return Code(text, of, fallible=base.fallible)


def _subscript(compiler: Compiler, one: ex.Subscript) -> Code:
    base, index = compiler.compile(one.base), compiler.compile(one.index)
    fallible = base.fallible or index.fallible
    match base.type:
        case types.Array(item):
            if index.type not in (types.INTEGER, types.BIGINT):
                raise problem(one, f"Array index must be an integer, not {index.type}")
            return Code(compiler.call(array_item, [base, index], item).text, item, fallible=fallible)
        case types.Map(_, value):
            text = compiler.guard([base, index], lambda names: f"{names[0]}.get({names[1]})")
            nested = index.type is not None and index.type.base() in ("ARRAY", "MAP", "STRUCT")  # which are no keys
            return Code(text, value, fallible=fallible or nested)
    raise problem(one, f"Subscript operator is only supported on ARRAY and MAP, not {base.type}")


def array_item(array: list[Any], index: int) -> Any:
    """The item at a position that counts from one, or from the end if negative; NULL outside the array."""
    position = index - 1 if index > 0 else len(array) + index
    return array[position] if 0 <= position < len(array) and index != 0 else None


ACCESS: Kinds = {
    ex.ColumnRef: _column,
    ex.LambdaVariable: _variable,
    ex.Dereference: _dereference,
    ex.Subscript: _subscript,
}

"""SQL expressions to Python expressions, with their types; ill-typed ones are refused here.

NULL is handled in the generated text: an operand that may be NULL is bound to a temporary and tested before use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pocket_ksql import types
from pocket_ksql.codegen import casts
from pocket_ksql.codegen.calls import CALLS
from pocket_ksql.codegen.code import Code, problem
from pocket_ksql.codegen.conditions import CONDITIONS
from pocket_ksql.codegen.constructors import CONSTRUCTORS
from pocket_ksql.codegen.operators import OPERATORS
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.language import expressions as ex
from pocket_ksql.language.expressions import Expression
from pocket_ksql.language.formatter import format_expression
from pocket_ksql.types import SqlType
from pocket_ksql.writer import Writer

INT_RANGE = range(-0x80000000, 0x80000000)


class ExpressionCompiler:
    """Compiles expressions over ``columns``: names of columns to Python expressions."""

    def __init__(
        self,
        writer: Writer,
        functions: FunctionRegistry,
        columns: Mapping[str, Code],
        exact_comparison: bool = False,
        properties: Mapping[str, Any] | None = None,
    ) -> None:
        self.writer = writer
        self.functions = functions
        self.columns = columns
        self.properties = properties or {}
        self.exact = exact_comparison
        self.lambda_types: dict[str, SqlType] = {}

    def compile(self, expression: Expression) -> Code:
        """Python for ``expression``; raises ``KsqlStatementError`` when it is ill-typed."""
        compiled = _COMPILED.get(type(expression))
        if compiled is None:
            raise problem(expression, "Unsupported expression")
        return compiled(self, expression)

    def guard(
        self, operands: list[Code], result: Callable[[list[str]], str], when_null: str = "None", strict: bool = False
    ) -> str:
        """``result`` of the operands' texts, or ``when_null`` if one of them is NULL.

        What is ``strict`` fails on NULL inside a lambda, and the whole call with it, as in ksqlDB.
        """
        if self.lambda_types and strict:
            return f"({result([operand.text for operand in operands])})"
        tests, names = [], []
        for operand in operands:
            if not operand.nullable:
                names.append(operand.text)
            elif operand.plain:
                tests.append(f"{operand.text} is None")
                names.append(operand.text)
            else:
                name = self.writer.fresh("t")
                tests.append(f"({name} := {operand.text}) is None")
                names.append(name)
        text = result(names)
        if not tests:
            return f"({text})"
        return f"({when_null} if {' or '.join(tests)} else {text})"

    def call(self, function: Callable[..., Any], operands: list[Code], of: SqlType | None) -> Code:
        name = self.writer.bind(function, "f")
        text = self.guard(operands, lambda names: f"{name}({', '.join(names)})")
        return Code(text, of, fallible=True)

    def convert(self, code: Code, target: SqlType, what: Expression) -> Code:
        """``code`` as a value of ``target``, by an implicit conversion or a cast."""
        if code.type is None or code.type == target:
            return Code(code.text, target, code.nullable, code.plain, code.fallible)
        try:
            function = casts.cast(code.type, target)
        except KsqlStatementError as error:
            raise problem(what, error.message) from None
        if (code.type, target) == (types.INTEGER, types.BIGINT):
            return Code(code.text, target, code.nullable, code.plain, code.fallible)
        return self.call(function, [code], target)

    def _null(self, _: ex.NullLiteral) -> Code:
        return Code("None", None, plain=True)

    def _boolean(self, literal: ex.BooleanLiteral) -> Code:
        return Code(str(literal.value), types.BOOLEAN, nullable=False, plain=True)

    def _integer(self, literal: ex.IntegerLiteral) -> Code:
        of = types.INTEGER if literal.value in INT_RANGE else types.BIGINT
        return Code(repr(literal.value), of, nullable=False, plain=True)

    def _double(self, literal: ex.DoubleLiteral) -> Code:
        return Code(repr(literal.value), types.DOUBLE, nullable=False, plain=True)

    def _decimal(self, literal: ex.DecimalLiteral) -> Code:
        _, digits, exponent = literal.value.as_tuple()
        scale = -int(exponent)
        precision = max(len(digits), scale + 1 if abs(literal.value) < 1 and len(digits) <= scale else len(digits))
        if abs(literal.value) < 1:
            precision = max(scale, len(digits))
        return Code(
            self.writer.bind(literal.value, "d"), types.Decimal(max(precision, 1), scale), nullable=False, plain=True
        )

    def _string(self, literal: ex.StringLiteral) -> Code:
        return Code(repr(literal.value), types.STRING, nullable=False, plain=True)

    def _unit(self, literal: ex.UnitLiteral) -> Code:
        return Code(repr(literal.value), types.STRING, nullable=False, plain=True)

    def _column(self, column: ex.ColumnRef) -> Code:
        found = self.columns.get(column.name)
        if found is None:
            raise KsqlStatementError(f"column '{format_expression(column)}' cannot be resolved.")
        return found

    def _variable(self, variable: ex.LambdaVariable) -> Code:
        return Code(f"l_{variable.name}", self.lambda_types.get(variable.name), plain=True)

    def _dereference(self, one: ex.Dereference) -> Code:
        base = self.compile(one.base)
        if not isinstance(base.type, types.Struct):
            raise problem(one, f"Dereference operator is only supported on STRUCT, not {base.type}")
        of = base.type.field(one.field_name)
        if of is None:
            raise problem(one, f"Could not find field '{one.field_name}' in {base.type}.")
        return Code(self.guard([base], lambda names: f"{names[0]}.get({one.field_name!r})"), of)

    def _subscript(self, one: ex.Subscript) -> Code:
        base, index = self.compile(one.base), self.compile(one.index)
        match base.type:
            case types.Array(item):
                if index.type not in (types.INTEGER, types.BIGINT):
                    raise problem(one, f"Array index must be an integer, not {index.type}")
                return Code(self.call(array_item, [base, index], item).text, item)
            case types.Map(_, value):
                return Code(self.guard([base, index], lambda names: f"{names[0]}.get({names[1]})"), value)
        raise problem(one, f"Subscript operator is only supported on ARRAY and MAP, not {base.type}")


def array_item(array: list[Any], index: int) -> Any:
    """The item at a position that counts from one, or from the end if negative; NULL outside the array."""
    position = index - 1 if index > 0 else len(array) + index
    return array[position] if 0 <= position < len(array) and index != 0 else None


_COMPILED: Mapping[type[Expression], Callable[..., Code]] = {
    ex.NullLiteral: ExpressionCompiler._null,
    ex.BooleanLiteral: ExpressionCompiler._boolean,
    ex.IntegerLiteral: ExpressionCompiler._integer,
    ex.DoubleLiteral: ExpressionCompiler._double,
    ex.DecimalLiteral: ExpressionCompiler._decimal,
    ex.StringLiteral: ExpressionCompiler._string,
    ex.UnitLiteral: ExpressionCompiler._unit,
    ex.ColumnRef: ExpressionCompiler._column,
    ex.LambdaVariable: ExpressionCompiler._variable,
    ex.Dereference: ExpressionCompiler._dereference,
    ex.Subscript: ExpressionCompiler._subscript,
    **OPERATORS,
    **CONDITIONS,
    **CONSTRUCTORS,
    **CALLS,
}
"""What compiles each kind of expression."""

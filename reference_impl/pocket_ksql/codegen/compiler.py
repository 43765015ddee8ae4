"""What compiles an expression of any kind, by what its parts become; each kind's own rules stand in other modules.

NULL is handled in the generated text: an operand that may be NULL is bound to a temporary and tested before use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from pocket_ksql import types
from pocket_ksql.codegen import casts
from pocket_ksql.codegen.code import Code, Failed, problem
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.language.expressions import Expression
from pocket_ksql.types import SqlType
from pocket_ksql.writer import Writer

Kinds = Mapping[type[Expression], Callable[..., Code]]
"""What compiles each kind of expression: a function of the compiler and the expression."""


class Compiler:
    """Compiles expressions over ``columns``: names of columns to Python expressions."""

    kinds: ClassVar[Kinds] = {}
    """Set by `ExpressionCompiler`, which knows them all."""

    def __init__(
        self,
        writer: Writer,
        functions: FunctionRegistry,
        columns: Mapping[str, Code],
        exact_comparison: bool = False,
        properties: Mapping[str, Any] | None = None,
        failed: Failed | None = None,
    ) -> None:
        self.writer = writer
        self.functions = functions
        self.columns = columns
        self.properties = properties or {}
        self.exact = exact_comparison
        self.failed = failed
        self.lambda_types: dict[str, SqlType] = {}

    def compile(self, expression: Expression) -> Code:
        """Python for ``expression``; raises ``KsqlStatementError`` when it is ill-typed."""
        kind = self.kinds.get(type(expression))
        if kind is None:
            raise problem(expression, "Unsupported expression")
        return kind(self, expression)

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

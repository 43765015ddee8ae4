"""Generated code that works on one row: evaluating expressions, filtering, projecting; shared by streams and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pocket_ksql.codegen.code import EVALUATION_ERRORS, Code, Failed
from pocket_ksql.codegen.expressions import ExpressionCompiler
from pocket_ksql.functions.registry import FunctionRegistry
from pocket_ksql.language.expressions import Expression
from pocket_ksql.schema import Column
from pocket_ksql.writer import Writer


@dataclass(frozen=True)
class Scope:
    """What generated code knows at one point: columns by name, the key's parts (window last), the row's time."""

    columns: Mapping[str, Code]
    key: tuple[str, ...]
    timestamp: str

    @property
    def key_text(self) -> str:
        return f"({''.join(part + ', ' for part in self.key)})"

    def row_text(self, columns: Iterable[Column]) -> str:
        return f"({''.join(self.columns[column.name].text + ', ' for column in columns)})"


class RowCompiler:
    """Writes the evaluation of expressions into generated functions."""

    def __init__(self, functions: FunctionRegistry, failed: Failed, properties: Mapping[str, Any]) -> None:
        self.functions = functions
        self.failed = failed
        self.properties = properties

    def expressions(self, writer: Writer, scope: Scope) -> ExpressionCompiler:
        exact = str(self.properties.get("use.exact.numeric.comparison", "false")).lower() == "true"
        return ExpressionCompiler(writer, self.functions, scope.columns, exact, self.properties, self.failed)

    def evaluate(self, writer: Writer, scope: Scope, expression: Expression, label: str) -> Code:
        """Write what computes ``expression``; its value is then in the name that is returned, NULL if it failed."""
        code = self.expressions(writer, scope).compile(expression)
        if code.plain:
            return code
        name = writer.fresh("x")
        if not code.fallible:
            writer.line(f"{name} = {code.text}")
            return replace(code, text=name, plain=True)
        with writer.block("try:"):
            writer.line(f"{name} = {code.text}")
        with writer.block(f"except {writer.bind(EVALUATION_ERRORS, 'errors')} as error:"):
            writer.line(f"{name} = None")
            writer.line(f"{writer.bind(self.failed, 'failed')}({label!r}, error)")
        return replace(code, text=name, plain=True, nullable=True, fallible=False)

    def name(self, writer: Writer, scope: Scope, expression: Expression, label: str) -> Code:
        """Like ``evaluate``, with a name also for a literal, so that its text may be tested and compared."""
        code = self.evaluate(writer, scope, expression, label)
        if code.text.isidentifier() and code.text not in ("None", "True", "False"):
            return code
        name = writer.fresh("x")
        writer.line(f"{name} = {code.text}")
        return replace(code, text=name)

    def condition(self, writer: Writer, scope: Scope, predicate: Expression, label: str) -> str:
        """Write what computes a predicate and return the text to test."""
        return self.evaluate(writer, scope, predicate, label).text

    def project(self, writer: Writer, scope: Scope, items: Sequence[tuple[Column, Expression]]) -> Scope:
        """Write what computes ``items``; the scope has exactly those columns, and the key as it was."""
        columns = {column.name: self.evaluate(writer, scope, expression, column.name) for column, expression in items}
        return Scope(columns, scope.key, scope.timestamp)

    def row_function(
        self,
        columns: Sequence[Column],
        body: Callable[[Writer, Scope], str],
        key_names: Sequence[str] = (),
    ) -> Callable[[tuple[Any, ...], tuple[Any, ...], int], Any]:
        """A function of ``(key, row, timestamp)`` that returns what ``body`` names; rows hold ``columns``."""
        writer = Writer()
        with writer.block("def of_row(key, row, timestamp):"):
            names = [f"r{index}" for index in range(len(columns))]
            if names:
                writer.line(f"{', '.join(names)}, = row")
            known = {
                column.name: Code(name, column.type, plain=True) for column, name in zip(columns, names, strict=True)
            }
            scope = Scope(known, tuple(f"key[{index}]" for index in range(len(key_names))), "timestamp")
            writer.line(f"return {body(writer, scope)}")
        return writer.compile("of_row")

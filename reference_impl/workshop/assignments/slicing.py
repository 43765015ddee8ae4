"""What of a notebook a task's check needs: the statements that bind the names which it uses, and no others.

A worked example may take seconds and a running Kafka; a check that uses only an import of its cell does not wait
for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from IPython.core.inputtransformer2 import TransformerManager

_NEW_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def needed(earlier: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Of the cells ``earlier``, what the cells ``wanted`` need; a cell of which nothing is needed becomes empty.

    A statement is needed if it binds a needed name, or calls a method or sets an item of what that name stands for.
    """
    names = {name for cell in wanted for statement in _statements(cell) for name in _used(statement)}
    kept: list[str] = []
    for cell in reversed(earlier):
        chosen: list[ast.stmt] = []
        for statement in reversed(_statements(cell)):
            if names.intersection(_bound(statement)):
                chosen.append(statement)
                names.update(_used(statement))
        kept.append("\n".join(ast.unparse(statement) for statement in reversed(chosen)))
    return kept[::-1]


def _statements(cell: str) -> list[ast.stmt]:
    """The cell's statements; none if it is no Python, since then it binds nothing in a notebook either."""
    try:
        return ast.parse(TransformerManager().transform_cell(cell)).body
    except SyntaxError:
        return []


def _used(statement: ast.stmt) -> Iterator[str]:
    """Names that the statement looks up, in functions that it defines too."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            yield node.id


def _bound(statement: ast.AST) -> Iterator[str]:
    """Names that the statement binds, or whose objects it may change."""
    match statement:
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            for alias in aliases:
                yield alias.asname or alias.name.partition(".")[0]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
            yield from _root(statement)
        case ast.Expr(value=ast.Call(func=ast.Attribute() as method)):
            yield from _root(method)
        case _:
            pass
    if not isinstance(statement, _NEW_SCOPE):
        for child in ast.iter_child_nodes(statement):
            yield from _bound(child)


def _root(node: ast.expr) -> Iterator[str]:
    """The name at the start of ``name.attribute[item]``."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id

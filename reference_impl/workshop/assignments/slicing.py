"""What of a notebook a task's check needs: the cells that bind the names which it uses, and no others.

A worked example may take seconds and a running Kafka; a check that uses only an import or a function of its cell
does not wait for it.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager

_Definition = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def needed(earlier: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Of the cells ``earlier``, what the cells ``wanted`` need; a cell of which nothing is needed becomes empty.

    Imports, functions and classes stand alone. Other statements may lead to one another in ways that their names do
    not show, so that a cell is kept whole if one of them is needed.
    """
    names: set[str] = set()
    for cell in reversed(wanted):
        names = _before(_statements(cell), names)
    kept: list[str] = []
    for cell in reversed(earlier):
        statements = _statements(cell)
        chosen: list[ast.stmt] = []
        here = set(names)
        for statement in reversed(statements):
            if here.intersection(_bound(statement)):
                chosen.insert(0, statement)
                here.update(_used(statement))
        if all(isinstance(statement, _Definition) for statement in chosen):
            kept.append("\n".join(ast.unparse(statement) for statement in chosen))
        else:
            chosen = statements
            kept.append(cell)
        names = _before(chosen, names)
    return kept[::-1]


@dataclass(frozen=True)
class Names:
    """Global names of a cell: those that it ``defines`` or ``imports``, and, Python's own left out, those that it
    takes from elsewhere (``free``)."""

    defines: frozenset[str]
    imports: frozenset[str]
    free: frozenset[str]


def names_of(cell: str) -> Names:
    """The cell's names; none if it is no Python."""
    statements = _statements(cell)
    imports, defines, used = set[str](), set[str](), set[str]()
    for statement in statements:
        (imports if isinstance(statement, ast.Import | ast.ImportFrom) else defines).update(_bound(statement))
        used |= _used(statement)
    free = used - imports - defines - set(dir(builtins))
    return Names(frozenset(defines), frozenset(imports), frozenset(free))


def _before(statements: Sequence[ast.stmt], after: set[str]) -> set[str]:
    """Names that must be there before ``statements`` so that they, and what needs ``after``, can run."""
    own = {name for one in statements for name in _bound(one)} - {
        name
        for one in statements
        for name in _used(one)
        if name in set(_bound(one)) and not isinstance(one, _Definition)
    }
    return (after | {name for one in statements for name in _used(one)}) - own


def _statements(cell: str) -> list[ast.stmt]:
    """The cell's statements; none if it is no Python, since then it binds nothing in a notebook either."""
    try:
        return ast.parse(TransformerManager().transform_cell(cell)).body
    except SyntaxError:
        return []


def _used(statement: ast.stmt) -> set[str]:
    """Global names that the statement looks up, in functions that it defines too."""
    top = symtable.symtable(ast.unparse(statement), "cell", "exec")
    names = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_referenced()}
    return names | {name for table in top.get_children() for name in _global(table)}


def _global(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_global() and symbol.is_referenced():
            yield symbol.get_name()
    for child in table.get_children():
        yield from _global(child)


def _bound(statement: ast.stmt) -> set[str]:
    """Global names that the statement binds."""
    top = symtable.symtable(ast.unparse(statement), "cell", "exec")
    return {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}

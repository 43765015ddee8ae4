"""Answers that are more alike than chance makes them: a hint to look at two notebooks side by side, never a proof.

An answer becomes a sequence of what its syntax tree consists of, in which comments, docstrings, layout, imports and
the names of variables do not occur; texts such as SQL statements become their words. Runs of a few neighbours in it,
*shingles*, are compared. What the released notebook or the solution holds does not count, and what few have written
counts more than what many have.
"""

from __future__ import annotations

import ast
import builtins
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from IPython.core.inputtransformer2 import TransformerManager

from workshop.assignments.source import Assignment

_RUN = 6
_ENOUGH = 15
_ALIKE = 0.8
_MOST_PAIRS = 40
_LONG_TEXT = 40
_LONGEST = 50_000
_WORDS = re.compile(r"\w+|[^\w\s]")
_PYTHONS_OWN = frozenset(dir(builtins))

Shingle = tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two learners, and the tasks in which their answers are alike, each with its likeness from 0 to 1."""

    first: str
    second: str
    tasks: Mapping[str, float]


def pairs(assignment: Assignment, answers: Mapping[str, Mapping[str, str]]) -> list[Pair]:
    """Pairs of learners with answers that are alike, those that share most first.

    ``answers`` holds each learner's code by task.
    """
    common = set[Shingle]()
    for cell in assignment.notebook.cells:  # with the solutions
        common |= shingles(cell.source) if cell.cell_type == "code" else set()
    found: dict[tuple[str, str], dict[str, float]] = {}
    shared: Counter[tuple[str, str]] = Counter()
    for task in assignment.tasks:
        own = {one: shingles(code[task.name]) - common for one, code in answers.items() if task.name in code}
        own = {one: made for one, made in own.items() if len(made) >= _ENOUGH}
        written_by = Counter(shingle for made in own.values() for shingle in made)
        weight = {shingle: math.log(1 + len(own) / count) for shingle, count in written_by.items()}
        for first, second in combinations(sorted(own), 2):
            both, either = own[first] & own[second], own[first] | own[second]
            likeness = sum(map(weight.__getitem__, both)) / sum(map(weight.__getitem__, either))
            if likeness >= _ALIKE:
                found.setdefault((first, second), {})[task.name] = likeness
                shared[first, second] += len(both)
    return [Pair(*pair, found[pair]) for pair, _ in shared.most_common(_MOST_PAIRS)]


def shingles(code: str) -> set[Shingle]:
    """The runs of neighbours in ``code``."""
    parts = list(_parts(code[:_LONGEST]))
    return {tuple(parts[start : start + _RUN]) for start in range(len(parts) - _RUN + 1)}


def _parts(code: str) -> Iterator[str]:
    try:
        tree = ast.parse(TransformerManager().transform_cell(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield from _WORDS.findall(code.lower())  # no Python: its words
        return
    waiting: list[ast.AST] = [tree]  # no recursion: what strangers nest is nested deeply
    while waiting:
        node = waiting.pop()
        if _says_nothing(node):
            continue
        yield from _part(node)
        waiting += reversed(list(ast.iter_child_nodes(node)))


def _says_nothing(node: ast.AST) -> bool:
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return docstring or isinstance(node, ast.Import | ast.ImportFrom | ast.expr_context)


def _part(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name):
            yield name if name in _PYTHONS_OWN else "name"
        case ast.Attribute(attr=name):
            yield f".{name}"
        case ast.keyword(arg=name):
            yield f"{name}="
        case ast.Constant(value=str(text)) if len(text) > _LONG_TEXT:
            yield from _WORDS.findall(text.lower())
        case ast.Constant(value=value):
            yield repr(value)
        case _:
            yield type(node).__name__

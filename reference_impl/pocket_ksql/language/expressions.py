"""Expressions of the syntax tree: frozen dataclasses, equal when they mean the same wherever they stand."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple

from pocket_ksql.types import SqlType


class Location(NamedTuple):
    """Where in the text something starts; both count from one."""

    line: int
    column: int


@dataclass(frozen=True)
class Expression:
    """Base of all expressions."""

    location: Location | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True)
class NullLiteral(Expression):
    pass


@dataclass(frozen=True)
class BooleanLiteral(Expression):
    value: bool


@dataclass(frozen=True)
class IntegerLiteral(Expression):
    """INTEGER or, when it does not fit 32 bits, BIGINT."""

    value: int


@dataclass(frozen=True)
class DoubleLiteral(Expression):
    """A number with an exponent: ``1E3``."""

    value: float


@dataclass(frozen=True)
class DecimalLiteral(Expression):
    """A number with a point: ``1.50`` is a DECIMAL(3, 2)."""

    value: decimal.Decimal


@dataclass(frozen=True)
class StringLiteral(Expression):
    value: str


@dataclass(frozen=True)
class UnitLiteral(Expression):
    """A unit of time as an argument: ``DAYS`` in ``TIMESTAMPADD(DAYS, 1, t)``."""

    value: str


@dataclass(frozen=True)
class ColumnRef(Expression):
    """A column, perhaps qualified by the name or alias of its source."""

    name: str
    source: str | None = None


@dataclass(frozen=True)
class Dereference(Expression):
    """``base->field``."""

    base: Expression
    field_name: str


@dataclass(frozen=True)
class Subscript(Expression):
    """``base[index]``."""

    base: Expression
    index: Expression


@dataclass(frozen=True)
class Call(Expression):
    """A function, by its name in upper case."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class LambdaFunction(Expression):
    """``(x, y) => body``."""

    parameters: tuple[str, ...]
    body: Expression


@dataclass(frozen=True)
class LambdaVariable(Expression):
    """A parameter used in the body of its lambda."""

    name: str


@dataclass(frozen=True)
class Arithmetic(Expression):
    """``operator`` is one of ``+ - * / %``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Sign(Expression):
    """Unary ``+`` or ``-``."""

    operator: str
    value: Expression


@dataclass(frozen=True)
class Comparison(Expression):
    """``operator`` is one of ``= <> < <= > >= IS DISTINCT FROM, IS NOT DISTINCT FROM``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Logical(Expression):
    """``operator`` is AND or OR."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Not(Expression):
    value: Expression


@dataclass(frozen=True)
class IsNull(Expression):
    value: Expression
    negated: bool = False


@dataclass(frozen=True)
class Between(Expression):
    value: Expression
    low: Expression
    high: Expression


@dataclass(frozen=True)
class Like(Expression):
    value: Expression
    pattern: Expression
    escape: str | None = None


@dataclass(frozen=True)
class InList(Expression):
    value: Expression
    items: tuple[Expression, ...]


@dataclass(frozen=True)
class When(Expression):
    condition: Expression
    result: Expression


@dataclass(frozen=True)
class Case(Expression):
    """Searched (``operand`` is ``None``) or simple CASE."""

    operand: Expression | None
    whens: tuple[When, ...]
    default: Expression | None


@dataclass(frozen=True)
class Cast(Expression):
    value: Expression
    type: SqlType


@dataclass(frozen=True)
class CreateArray(Expression):
    items: tuple[Expression, ...]


@dataclass(frozen=True)
class CreateMap(Expression):
    items: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True)
class CreateStruct(Expression):
    items: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True)
class Given(Expression):
    """A value that comes from outside (JSON, Python), not from a text."""

    value: Any


def _rebuild(value: Any, change: Callable[[Expression], Expression]) -> Any:
    if isinstance(value, Expression):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_rebuild(item, change) for item in value)
    return value


def map_children(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """``expression`` with each direct child replaced by what ``change`` makes of it."""
    changed = {
        one.name: _rebuild(old, change)
        for one in fields(expression)
        if isinstance(old := getattr(expression, one.name), (Expression, tuple)) and one.name != "location"
    }
    return replace(expression, **changed) if changed else expression


def transform(expression: Expression, change: Callable[[Expression], Expression | None]) -> Expression:
    """Rewrite from the top: where ``change`` returns an expression it stands, else its children are visited."""
    changed = change(expression)
    if changed is not None:
        return changed
    return map_children(expression, lambda child: transform(child, change))


def _flatten(value: Any) -> Iterator[Expression]:
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _flatten(item)


def children(expression: Expression) -> Iterator[Expression]:
    """Direct sub-expressions, from left to right."""
    for one in fields(expression):
        if one.name != "location":
            yield from _flatten(getattr(expression, one.name))


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything in it, outside in."""
    yield expression
    for child in children(expression):
        yield from walk(child)


LITERALS = (StringLiteral, BooleanLiteral, IntegerLiteral, DecimalLiteral, DoubleLiteral)
"""Values that are written in the text itself."""

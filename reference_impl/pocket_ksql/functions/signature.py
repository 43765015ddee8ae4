"""Declared types of functions, and how well given arguments fit them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pocket_ksql import types
from pocket_ksql.language.formatter import format_type
from pocket_ksql.language.type_parser import TypeParser
from pocket_ksql.types import SqlType

_GENERICS = {name: types.Generic(name) for name in "TUVWKSCRABDEFGIJLMNOPQXYZ"}
ANYTHING = types.Generic("ANY")
"""Stands for a type of its own at each place where it is named."""
_GENERICS[ANYTHING.name] = ANYTHING
_ANY_DECIMAL = types.Decimal(38, 38)
"""Stands for DECIMAL of any precision and scale in a signature."""


@dataclass(frozen=True)
class Parameter:
    """One declared parameter; a variadic one takes any number of arguments, none included."""

    name: str
    type: SqlType
    variadic: bool = False


@dataclass(frozen=True)
class Signature:
    """``(input STRING, length INT) -> STRING``; ``returns`` may be computed from the arguments' types."""

    parameters: tuple[Parameter, ...]
    returns: SqlType | Callable[[Sequence[SqlType | None]], SqlType]


@dataclass(frozen=True)
class LambdaShape:
    """What is known of a lambda argument before its types are: the number of its parameters."""

    parameters: int


Argument = SqlType | LambdaShape | None


class _SignatureParser(TypeParser):
    """Types with variables, lambdas and variadic parameters."""

    def __init__(self, text: str) -> None:
        super().__init__(text.replace("...", " ; "), _GENERICS)

    def signature(self) -> Signature:
        parameters = self.enclosed(self._parameter, empty=True)
        self.expect("->")
        return Signature(parameters, self.type())

    def _parameter(self) -> Parameter:
        name = self.advance().text.strip("`")
        of = self._lambda() if self.at("LAMBDA") else self.type()
        return Parameter(name, of, self.accept(";"))

    def _lambda(self) -> SqlType:
        self.expect("LAMBDA")
        inputs = self.enclosed(self.type)
        self.expect("=>")
        return types.Lambda(inputs, self.type())

    def type(self) -> SqlType:
        if self.at("DECIMAL") and self.ahead().value != "(":
            self.advance()
            return _ANY_DECIMAL
        if self.token.value in _GENERICS and self.ahead().value != "<":
            return _GENERICS[self.advance().value]
        return super().type()


def parse_signature(text: str) -> Signature:
    """A signature from its text; single capitals are type variables, ``...`` after a type makes it variadic."""
    return _SignatureParser(text).signature()


_SPELLED = {types.STRING: "VARCHAR", types.INTEGER: "INT", _ANY_DECIMAL: "DECIMAL"}


def spelled(of: SqlType) -> str:
    """A declared type as ksqlDB writes it where it describes functions, and in its refusals of calls."""
    return format_type(of, lambda leaf: _SPELLED.get(leaf) or str(leaf), str)


_EXACT, _GENERIC_COST, _NULL_COST = 0, 1, 1


def _cost(declared: SqlType, given: Argument, bound: dict[str, SqlType]) -> int | None:
    """How far ``given`` is from ``declared`` (0: the same), or ``None`` if it does not fit."""
    if isinstance(declared, types.Lambda):
        fits = isinstance(given, LambdaShape) and given.parameters == len(declared.parameters)
        return _EXACT if fits else None
    if isinstance(given, LambdaShape):
        return None
    if given is None:
        return _NULL_COST
    if declared == ANYTHING:
        return _GENERIC_COST
    if isinstance(declared, types.Generic):
        known = bound.get(declared.name)
        if known is None:
            bound[declared.name] = given
            return _GENERIC_COST
        if known == given:
            return _GENERIC_COST
        if types.is_numeric(known) and types.is_numeric(given):
            bound[declared.name] = types.common_numeric(known, given)
            return _GENERIC_COST + 2
        return None
    if declared == given or (declared == _ANY_DECIMAL and isinstance(given, types.Decimal)):
        return _EXACT
    match declared, given:
        case types.Array(item), types.Array(other):
            if isinstance(other, types.Decimal) and types.is_numeric(item) and item not in (other, _ANY_DECIMAL):
                return None  # whole numbers pass for doubles in a list, decimals do not
            return _cost(item, other, bound)
        case types.Map(key, value), types.Map(other_key, other_value):
            costs = _cost(key, other_key, bound), _cost(value, other_value, bound)
            return None if None in costs else sum(cost or 0 for cost in costs)
    if given == types.STRING and declared.base() in ("DATE", "TIME", "TIMESTAMP"):
        return 10
    if types.is_numeric(declared) and types.is_numeric(given) and types.width(given) < types.width(declared):
        return 2 + types.width(declared) - types.width(given)
    return None


def fit(signature: Signature, arguments: Sequence[Argument]) -> tuple[int, dict[str, SqlType]] | None:
    """The cost of calling with ``arguments`` and the types bound to variables, or ``None`` if they do not fit."""
    parameters = expand(signature, len(arguments))
    if parameters is None:
        return None
    bound: dict[str, SqlType] = {}
    total = 0
    for parameter, given in zip(parameters, arguments, strict=True):
        cost = _cost(parameter.type, given, bound)
        if cost is None:
            return None
        total += cost
    if any(parameter.variadic for parameter in signature.parameters):
        total += 100
    return total, bound


def expand(signature: Signature, count: int) -> list[Parameter] | None:
    """One parameter for each of ``count`` arguments, or ``None`` if there cannot be so many."""
    parameters = list(signature.parameters)
    at = next((index for index, parameter in enumerate(parameters) if parameter.variadic), None)
    if at is not None:
        extra = count - (len(parameters) - 1)
        if extra < 0:
            return None
        parameters[at : at + 1] = [parameters[at]] * extra
    return parameters if len(parameters) == count else None


def resolve(declared: SqlType, bound: dict[str, SqlType]) -> SqlType:
    """``declared`` with its variables replaced."""
    match declared:
        case types.Generic(name):
            return bound.get(name, declared)
        case types.Array(item):
            return types.Array(resolve(item, bound))
        case types.Map(key, value):
            return types.Map(resolve(key, bound), resolve(value, bound))
        case types.Struct(fields):
            return types.Struct(tuple((name, resolve(of, bound)) for name, of in fields))
        case types.Lambda(parameters, result):
            return types.Lambda(tuple(resolve(one, bound) for one in parameters), resolve(result, bound))
    return declared


def settle(of: SqlType) -> SqlType:
    """``of`` with STRING for the variables that no argument has settled, which NULL alone leaves open."""
    return resolve(of, dict.fromkeys(_variables(of), types.STRING))


def _variables(of: SqlType) -> Iterator[str]:
    match of:
        case types.Generic(name):
            yield name
        case types.Array(item):
            yield from _variables(item)
        case types.Map(key, value):
            yield from (*_variables(key), *_variables(value))
        case types.Struct(fields):
            for _, one in fields:
                yield from _variables(one)


def bind(declared: SqlType, given: SqlType, bound: dict[str, SqlType]) -> None:
    """Learn type variables from a type that is now known (the result of a lambda)."""
    _cost(declared, given, bound)

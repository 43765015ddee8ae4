"""How functions are declared, found by their arguments, and described."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeVar

from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.functions.signature import (
    Argument,
    LambdaShape,
    Signature,
    fit,
    parse_signature,
    resolve,
    settle,
    spelled,
)
from pocket_ksql.types import SqlType, is_numeric

_F = TypeVar("_F", bound=Callable[..., Any])


class FunctionKind(enum.Enum):
    SCALAR = "SCALAR"
    AGGREGATE = "AGGREGATE"
    TABLE = "TABLE"


@dataclass(frozen=True)
class Variant:
    """One signature of a function with its implementation.

    ``null_in_null_out``: a NULL argument makes the result NULL without a call. ``returns`` computes the result's
    type from the arguments' where the signature cannot say it. For aggregates ``implementation`` makes an
    ``Aggregator`` from the types of its arguments.
    """

    signature: Signature
    implementation: Callable[..., Any]
    null_in_null_out: bool = True
    returns: Callable[[Sequence[SqlType | None]], SqlType] | None = None
    typed: bool = False
    description: str = ""
    batch: Callable[..., list[Any]] | None = None
    """The implementation over whole batches, of a function of the user's that takes arrays (`vectors`)."""


@dataclass
class Function:
    """A function by name with all its variants."""

    name: str
    kind: FunctionKind
    description: str
    variants: list[Variant] = field(default_factory=list)
    author: str = "Confluent"
    path: str = "internal"


@dataclass(frozen=True)
class Match:
    """The variant that fits given arguments; ``bound`` holds its type variables, to which a lambda adds."""

    function: Function
    variant: Variant
    bound: dict[str, SqlType]

    def result_type(self, arguments: Sequence[SqlType | None]) -> SqlType:
        if self.variant.returns is not None:
            return self.variant.returns(arguments)
        assert isinstance(self.variant.signature.returns, SqlType)
        return settle(resolve(self.variant.signature.returns, self.bound))


_DECLARED = "_ksql_declarations"


@dataclass(frozen=True)
class _Declaration:
    name: str
    kind: FunctionKind
    description: str
    variant: Variant


def _declare(
    kind: FunctionKind,
    name: str,
    signatures: Sequence[str],
    description: str,
    null_in_null_out: bool,
    returns: Callable[[Sequence[SqlType | None]], SqlType] | None,
    typed: bool,
) -> Callable[[_F], _F]:
    def decorate(implementation: _F) -> _F:
        declared = vars(implementation).get(_DECLARED)
        if declared is None:
            declared = []
            setattr(implementation, _DECLARED, declared)
        documented = " ".join((implementation.__doc__ or "").strip().split("\n\n")[0].split())
        text = description or documented
        of_all = documented if kind is FunctionKind.SCALAR and documented else text
        for signature in signatures:
            variant = Variant(parse_signature(signature), implementation, null_in_null_out, returns, typed, text)
            declared.append(_Declaration(name, kind, of_all, variant))
        return implementation

    return decorate


def scalar(
    name: str,
    *signatures: str,
    description: str = "",
    null_in_null_out: bool = True,
    returns: Callable[[Sequence[SqlType | None]], SqlType] | None = None,
    typed: bool = False,
) -> Callable[[_F], _F]:
    """Declare a scalar function; its docstring is its description, where ``description`` does not say more of these
    signatures.

    With ``typed`` the implementation is called once per use with the list of argument types (result type last)
    and returns the function to call per row.
    """
    return _declare(FunctionKind.SCALAR, name, signatures, description, null_in_null_out, returns, typed)


def aggregate(
    name: str,
    *signatures: str,
    description: str = "",
    returns: Callable[[Sequence[SqlType | None]], SqlType] | None = None,
) -> Callable[[_F], _F]:
    """Declare an aggregate function: what is decorated makes an ``Aggregator``."""
    return _declare(FunctionKind.AGGREGATE, name, signatures, description, False, returns, True)


def table(name: str, *signatures: str, description: str = "") -> Callable[[_F], _F]:
    """Declare a table function: it returns a list of values, one a row."""
    return _declare(FunctionKind.TABLE, name, signatures, description, False, None, False)


class FunctionRegistry:
    """Functions by name."""

    def __init__(self) -> None:
        self._functions: dict[str, Function] = {}

    def add_module(self, module: ModuleType) -> None:
        """Add every function declared in ``module``."""
        for member in vars(module).values():
            for one in getattr(member, "__dict__", {}).get(_DECLARED, ()):
                function = self._functions.setdefault(one.name, Function(one.name, one.kind, one.description))
                function.variants.append(one.variant)

    def add(self, implementation: Callable[..., Any]) -> None:
        """Add a function of the user's, declared with one of the decorators."""
        for one in getattr(implementation, _DECLARED):
            function = self._functions.setdefault(one.name, Function(one.name, one.kind, one.description))
            function.variants.append(one.variant)

    def define(self, function: Function) -> None:
        """Add a function with all its variants."""
        self._functions[function.name] = function

    def __iter__(self) -> Iterator[Function]:
        return iter(sorted(self._functions.values(), key=lambda function: function.name))

    def __contains__(self, name: str) -> bool:
        return name in self._functions

    def find(self, name: str) -> Function:
        """The function ``name``; raises ``KsqlStatementError`` if there is none."""
        if name not in self._functions:
            raise KsqlStatementError(f"Can't find any functions with the name '{name}'")
        return self._functions[name]

    def is_aggregate(self, name: str) -> bool:
        return name in self._functions and self._functions[name].kind is FunctionKind.AGGREGATE

    def is_table(self, name: str) -> bool:
        return name in self._functions and self._functions[name].kind is FunctionKind.TABLE

    def match(self, name: str, arguments: Sequence[Argument]) -> Match:
        """The variant of ``name`` that fits ``arguments`` best; raises ``KsqlStatementError`` if none does."""
        function = self.find(name)
        best: tuple[int, Variant, dict[str, SqlType]] | None = None
        for variant in function.variants:
            fitted = fit(variant.signature, arguments)
            if fitted is not None and (best is None or fitted[0] < best[0]):
                best = fitted[0], variant, fitted[1]
        if best is None:
            raise KsqlStatementError(_no_match(function, arguments))
        if _is_ambiguous(function, best[1], arguments):
            given = ", ".join(map(_describe, arguments))
            raise KsqlStatementError(
                f"Function '{name.lower()}' cannot be resolved due to ambiguous method parameters ({given})."
            )
        return Match(function, best[1], best[2])


def _is_ambiguous(function: Function, best: Variant, arguments: Sequence[Argument]) -> bool:
    """Whether numbers of several types would have to be converted to call a variadic function, in several ways."""
    if not any(parameter.variadic for parameter in best.signature.parameters):
        return False
    numbers = {one.base() for one in arguments if isinstance(one, SqlType) and is_numeric(one)}
    if len(numbers) < 2:
        return False
    fitting = [one for one in function.variants if fit(one.signature, arguments) is not None]
    return len(fitting) > 1


def _describe(argument: Argument) -> str:
    if isinstance(argument, LambdaShape):
        return "LAMBDA"
    return "null" if argument is None else str(argument)


_IN_CAPITALS = frozenset({"COALESCE"})


def _called(function: Function) -> str:
    """A function's name as ksqlDB's refusals write it: as its author did, in small letters for most."""
    small = function.author == "Confluent" and function.name not in _IN_CAPITALS
    return function.name.lower() if small else function.name


def describe_signature(name: str, signature: Signature) -> str:
    """``SUBSTRING(VARCHAR str, INT pos)``, in the spelling of DESCRIBE FUNCTION."""
    parameters = ", ".join(
        f"{spelled(one.type)}{'...' if one.variadic else ''} {one.name}" for one in signature.parameters
    )
    return f"{name}({parameters})"


def _no_match(function: Function, arguments: Sequence[Argument]) -> str:
    given = ", ".join(map(_describe, arguments))
    name = _called(function)
    valid = "\n".join(describe_signature(name, variant.signature) for variant in function.variants)
    return (
        f"Function '{name}' does not accept parameters ({given}).\n"
        f"Valid alternatives are:\n{valid}\n"
        f"For detailed information on a function run: DESCRIBE FUNCTION <Function-Name>;"
    )

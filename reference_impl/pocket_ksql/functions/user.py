"""Functions of the user's own: typed Python functions that queries call by name.

In a module that imports this package they are marked with ``@udf``; in one that does not, those are taken that its
``__all__`` names. Annotations give the SQL types: ``bool`` BOOLEAN, ``int`` BIGINT, ``float`` DOUBLE, ``str`` STRING,
``bytes`` BYTES, ``list[T]`` ARRAY, ``dict[str, T]`` MAP, a ``TypedDict`` STRUCT (field names in capitals),
``Annotated[int, "INTEGER"]`` whatever the text says; with ``Annotated[np.ndarray, "DOUBLE"]`` throughout, the function
takes whole batches (`vectors`). A parameter that may be ``None`` is passed NULL; a NULL for any
other makes the result NULL without a call.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import operator
import sys
import types as python_types
import typing
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, overload

from pocket_ksql import types
from pocket_ksql.errors import KsqlError, KsqlStatementError
from pocket_ksql.functions import vectors
from pocket_ksql.functions.registry import Function, FunctionKind, FunctionRegistry, Variant
from pocket_ksql.functions.signature import Parameter, Signature
from pocket_ksql.language.type_parser import TypeParser
from pocket_ksql.types import SqlType

_F = TypeVar("_F", bound=Callable[..., Any])
_MARK = "_ksql_udf"
CATEGORY = "USER"


class UdfError(KsqlError):
    """A function that cannot be offered to queries; the message says which, why, and what to do."""


class UdfFailedError(ValueError):
    """What a user's function raised on a row, or that its result is not of the type that it declares."""


@overload
def udf(function: _F, /) -> _F: ...
@overload
def udf(name: str | None = None, /, *, description: str = "") -> Callable[[_F], _F]: ...
def udf(name: Any = None, /, *, description: str = "") -> Any:
    """Offer a typed function to queries, under its own name or ``name``; its docstring describes it.

    >>> @udf("HALF", description="Half of a number.")
    ... def half(value: float) -> float:
    ...     return value / 2
    """

    def mark(function: _F) -> _F:
        setattr(function, _MARK, (given, description))
        return function

    if callable(name):
        given = None
        return mark(name)
    given = name
    return mark


def register(registry: FunctionRegistry, origin: str) -> list[str]:
    """Add the functions of a file (``functions.py``) or module (``my.functions``); their names. Raises `UdfError`."""
    module = _load(origin)
    marked = [one for one in vars(module).values() if inspect.isfunction(one) and hasattr(one, _MARK)]
    found = marked or [
        one for name in getattr(module, "__all__", ()) if inspect.isfunction(one := getattr(module, name))
    ]
    if not found:
        raise UdfError(f"{origin} offers no function. Mark one with @udf, or name it in the module's __all__.")
    return [add(registry, one) for one in found]


def add(registry: FunctionRegistry, function: Callable[..., Any]) -> str:
    """Add one function; its name in SQL. Raises `UdfError`."""
    given, described = getattr(function, _MARK, (None, ""))
    name = (given or function.__name__).upper()
    if name in registry:
        raise UdfError(f"There is a function {name} already. Give yours another name: @udf('…').")
    text = described or (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
    path = inspect.getsourcefile(function) or function.__module__
    signature, takes_null, takes_arrays = _signature(function)
    assert isinstance(signature.returns, SqlType)
    result = _result(signature.returns)
    batch = None
    if takes_arrays:
        batch = vectors.batch_call(function, [one.type for one in signature.parameters], result)
        function = vectors.one_by_one(batch)
    implementation = _checked(function, name, takes_null, result)
    variant = Variant(signature, implementation, null_in_null_out=not any(takes_null), description=text, batch=batch)
    registry.define(Function(name, FunctionKind.SCALAR, text, [variant], author="", path=path))
    return name


def _load(origin: str) -> ModuleType:
    try:
        if not origin.endswith(".py"):
            return importlib.import_module(origin)
        path = Path(origin).resolve()
        if not path.is_file():
            raise UdfError(f"{origin} is no file. Name a Python file, or a module that can be imported.")
        name = f"_ksql_udf_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except UdfError:
        raise
    except Exception as error:  # a user's module may raise anything while it is imported
        raise UdfError(f"{origin} cannot be imported: {type(error).__name__}: {error}") from error
    return module


def _signature(function: Callable[..., Any]) -> tuple[Signature, tuple[bool, ...], bool]:
    """The types of a function, for each parameter whether it takes NULL, and whether all of them are arrays."""
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except (NameError, TypeError) as error:
        raise UdfError(f"{function.__name__}: an annotation cannot be read: {error}") from error
    parameters, takes_null = [], []
    for one in inspect.signature(function).parameters.values():
        if one.kind in (one.KEYWORD_ONLY, one.VAR_KEYWORD):
            raise UdfError(f"{function.__name__}: SQL has no named arguments; make {one.name} positional.")
        of, optional = _sql_type(function, one.name, hints.get(one.name))
        parameters.append(Parameter(one.name, of, variadic=one.kind is one.VAR_POSITIONAL))
        takes_null.append(optional)
    returns, _ = _sql_type(function, "its result", hints.get("return"))
    arrays = bool(parameters) and vectors.takes_arrays(list(hints.values()))
    return Signature(tuple(parameters), returns), tuple(takes_null), arrays


_PLAIN: dict[Any, SqlType] = {
    bool: types.BOOLEAN,
    int: types.BIGINT,
    float: types.DOUBLE,
    str: types.STRING,
    bytes: types.BYTES,
}


def _sql_type(function: Callable[..., Any], what: str, hint: Any) -> tuple[SqlType, bool]:
    """The SQL type of an annotation, and whether it allows ``None``."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, python_types.UnionType):
        others = [one for one in inner if one is not type(None)]
        if len(others) == 1:
            return _sql_type(function, what, others[0])[0], True
    elif origin is typing.Annotated and isinstance(inner[1], str):
        try:
            return TypeParser(inner[1]).type(), False
        except KsqlStatementError as error:
            raise UdfError(f"{function.__name__}: {what}: {error.message}") from error
    elif origin in (list, Sequence) and inner:
        return types.Array(_sql_type(function, what, inner[0])[0]), False
    elif origin in (dict, Mapping) and len(inner) == 2:
        key, value = (_sql_type(function, what, one)[0] for one in inner)
        return types.Map(key, value), False
    elif typing.is_typeddict(hint):
        fields = typing.get_type_hints(hint, include_extras=True).items()
        return types.Struct(tuple((name, _sql_type(function, what, of)[0]) for name, of in fields)), False
    elif hint in _PLAIN:
        return _PLAIN[hint], False
    shown = "has no annotation" if hint is None else f"has the annotation {hint!r}"
    raise UdfError(
        f"{function.__name__}: {what} {shown}, which stands for no SQL type. Take bool, int, float, str, bytes, "
        "list[…], dict[str, …], a TypedDict, or Annotated[…, 'the SQL type']."
    )


def _checked(
    function: Callable[..., Any], name: str, takes_null: Sequence[bool], result: Callable[[Any], Any]
) -> Callable[..., Any]:
    """``function`` as queries call it: whatever it raises is one kind of error, its result has the declared type."""
    last = len(takes_null) - 1
    must_be_known = [index for index, optional in enumerate(takes_null) if not optional]
    looks = any(takes_null)

    def call(*arguments: Any) -> Any:
        if looks:
            for index, argument in enumerate(arguments):
                if argument is None and min(index, last) in must_be_known:
                    return None
        try:
            value = function(*arguments)
        except Exception as error:  # a user's function may raise anything; the query goes on
            raise UdfFailedError(f"{name} raised {type(error).__name__}: {error}") from error
        try:
            return None if value is None else result(value)
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            raise UdfFailedError(f"{name} gave {value!r:.80}, which is not of its type: {error}") from error

    return call


def _result(of: SqlType) -> Callable[[Any], Any]:
    """Makes a result exactly what ``of`` stands for: NumPy's numbers become Python's, anything else is refused."""
    match of:
        case types.Array(item):
            inner = _result(item)
            return lambda values: [None if one is None else inner(one) for one in values]
        case types.Map(_, value):
            inner_value = _result(value)
            return lambda values: {key: None if one is None else inner_value(one) for key, one in values.items()}
        case types.Struct(fields):
            parts = [(name, _result(one)) for name, one in fields]
            return lambda value: {
                name: None if value.get(name) is None else ready(value[name]) for name, ready in parts
            }
        case types.DOUBLE:
            return _double
        case types.BOOLEAN:
            return bool
        case types.INTEGER | types.TIME | types.DATE:
            return _integer(32)
        case types.BIGINT | types.TIMESTAMP:
            return _integer(64)
        case types.STRING:
            return _instance(str)
        case types.BYTES:
            return _instance(bytes)
    return lambda value: value


def _double(value: Any) -> float:
    if isinstance(value, str):
        raise TypeError("expected a number")
    return float(value)


def _integer(bits: int) -> Callable[[Any], int]:
    def convert(value: Any) -> int:
        number = operator.index(value)
        if not -(1 << bits - 1) <= number < 1 << bits - 1:
            raise ValueError(f"it does not fit {bits} bits")
        return number

    return convert


def _instance(of: type) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if not isinstance(value, of):
            raise TypeError(f"expected {of.__name__}")
        return of(value)

    return convert

"""The entities of SHOW FUNCTIONS and DESCRIBE FUNCTION."""

from __future__ import annotations

import sys
from typing import Any

from pocket_ksql.functions.registry import Function, FunctionKind, FunctionRegistry, Variant
from pocket_ksql.functions.signature import Parameter, spelled
from pocket_ksql.types import SqlType

Entity = dict[str, Any]


def names(registry: FunctionRegistry) -> Entity:
    """All functions with their kind and family."""
    functions = [
        {"name": function.name, "type": function.kind.value, "category": _category(function)} for function in registry
    ]
    return {"@type": "function_names", "functions": functions}


def description(registry: FunctionRegistry, name: str) -> Entity:
    """One function with all its signatures. Raises ``KsqlStatementError`` if there is none of that name."""
    function = registry.find(name.upper())
    return {
        "@type": "describe_function",
        "name": function.name,
        "description": function.description,
        "author": function.author,
        "version": "",
        "path": function.path,
        "functions": [_signature(variant) for variant in function.variants if _is_listed(function, variant)],
        "type": function.kind.value,
    }


def _category(function: Function) -> str:
    """A module of functions declares its family, and another one for those of its functions that have another."""
    module = sys.modules[function.variants[0].implementation.__module__]
    return str(getattr(module, "CATEGORIES", {}).get(function.name) or getattr(module, "CATEGORY", "OTHER"))


def _is_listed(function: Function, variant: Variant) -> bool:
    """An aggregate without arguments, as in ``COUNT(*)``, is not listed as a signature."""
    return function.kind is not FunctionKind.AGGREGATE or bool(variant.signature.parameters)


def _signature(variant: Variant) -> Entity:
    signature = variant.signature
    return {
        "arguments": [_argument(parameter) for parameter in signature.parameters],
        "returnType": spelled(signature.returns) if isinstance(signature.returns, SqlType) else "OBJECT",
        "description": variant.description,
        "argumentTypes": [_argument_type(parameter) for parameter in signature.parameters],
    }


def _argument(parameter: Parameter) -> Entity:
    return {
        "name": parameter.name,
        "type": spelled(parameter.type),
        "description": "",
        "isVariadic": parameter.variadic,
    }


def _argument_type(parameter: Parameter) -> str:
    return f"{spelled(parameter.type)}{'...' if parameter.variadic else ''}"

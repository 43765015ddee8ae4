"""The built-in functions, one module a family.

``registry``    how a function is declared, found and described
``signature``   matching arguments to declared types
``strings`` ``numbers`` ``nulls`` ``dates`` ``collections`` ``lambdas`` ``json`` ``url`` ``binary``  scalar functions
``aggregates`` ``collecting`` ``statistics``  aggregate functions; ``aggregator`` holds what they share
``tables``      table functions
``patterns``    Java's date patterns in Python
``user``        functions of the user's own (``@udf``)

To add a function, write it in its family's module under its decorator; nothing else needs to change.
"""

from __future__ import annotations

import importlib

from pocket_ksql.functions.registry import FunctionRegistry

FAMILIES = (
    "strings",
    "numbers",
    "nulls",
    "dates",
    "collections",
    "lambdas",
    "json",
    "url",
    "binary",
    "aggregates",
    "collecting",
    "statistics",
    "tables",
)


def builtin() -> FunctionRegistry:
    """A registry with every built-in function."""
    registry = FunctionRegistry()
    for family in FAMILIES:
        registry.add_module(importlib.import_module(f"pocket_ksql.functions.{family}"))
    return registry

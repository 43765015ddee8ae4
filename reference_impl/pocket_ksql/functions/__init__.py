"""Functions: how they are declared and found, those that are built in, and the user's own.

``families``    the built-in functions, one module a family
``registry``    how a function is declared, found and described
``signature``   matching arguments to declared types
``aggregator``  what aggregate functions share
``patterns``    Java's date patterns: ``pattern_reader`` and ``pattern_writer`` read and write by them
``java_regex``  Java's regular expressions, with ``java_classes`` for what stands between brackets
``uris``        URLs as Java takes them apart
``user``        functions of the user's own (``@udf``); ``vectors`` those over whole batches

To add a function, write it in a module of ``families``, under its decorator.
"""

from __future__ import annotations

import importlib
import pkgutil

from pocket_ksql.functions import families
from pocket_ksql.functions.registry import FunctionRegistry


def builtin() -> FunctionRegistry:
    """A registry with every built-in function."""
    registry = FunctionRegistry()
    for family in pkgutil.iter_modules(families.__path__, f"{families.__name__}."):
        registry.add_module(importlib.import_module(family.name))
    return registry

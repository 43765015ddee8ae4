"""Functions that take a lambda."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pocket_ksql.functions.registry import scalar

CATEGORY = "LAMBDA"


@scalar("TRANSFORM", "(array ARRAY<T>, function LAMBDA(T) => U) -> ARRAY<U>")
def transform_array(values: list[Any], function: Callable[[Any], Any]) -> list[Any]:
    """Applies a lambda to every item."""
    return [function(value) for value in values]


@scalar("TRANSFORM", "(map MAP<K, V>, keys LAMBDA(K, V) => R, values LAMBDA(K, V) => U) -> MAP<R, U>")
def transform_map(
    values: dict[Any, Any], keys: Callable[[Any, Any], Any], function: Callable[[Any, Any], Any]
) -> dict[Any, Any]:
    """Applies one lambda to make each key and another to make each value."""
    changed: dict[Any, Any] = {}
    for key, value in values.items():
        new = keys(key, value)
        if new in changed:
            raise ValueError(f"Duplicate key {new}")
        changed[new] = function(key, value)
    return changed


@scalar("FILTER", "(array ARRAY<T>, condition LAMBDA(T) => BOOLEAN) -> ARRAY<T>")
def filter_array(values: list[Any], condition: Callable[[Any], Any]) -> list[Any]:
    """Keeps the items on which a lambda is true."""
    return [value for value in values if condition(value)]


@scalar("FILTER", "(map MAP<K, V>, condition LAMBDA(K, V) => BOOLEAN) -> MAP<K, V>")
def filter_map(values: dict[Any, Any], condition: Callable[[Any, Any], Any]) -> dict[Any, Any]:
    """Keeps the entries on which a lambda is true."""
    return {key: value for key, value in values.items() if condition(key, value)}


@scalar("REDUCE", "(array ARRAY<T>, state S, function LAMBDA(S, T) => S) -> S", null_in_null_out=False)
def reduce_array(values: list[Any] | None, state: Any, function: Callable[[Any, Any], Any]) -> Any:
    """Combines all items, beginning with a state."""
    if values is None or state is None:
        return state
    for value in values:
        state = function(state, value)
    return state


@scalar("REDUCE", "(map MAP<K, V>, state S, function LAMBDA(S, K, V) => S) -> S", null_in_null_out=False)
def reduce_map(values: dict[Any, Any] | None, state: Any, function: Callable[[Any, Any, Any], Any]) -> Any:
    """Combines all entries, beginning with a state."""
    if values is None or state is None:
        return state
    for key, value in values.items():
        state = function(state, key, value)
    return state

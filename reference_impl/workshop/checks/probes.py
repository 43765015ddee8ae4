"""Functions that run beside the learner's code, where a check cannot: they take its names and give plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any


def first(items: Iterable[Any], count: int) -> list[Any]:
    """The first ``count`` items of an iterable; a generator is closed after them."""
    iterator = iter(items)
    try:
        return list(islice(iterator, count))
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            close()


def call(function: Callable[..., Any], arguments: Iterable[Any], named: Mapping[str, Any] | None = None) -> Any:
    """``function(*arguments, **named)``."""
    return function(*arguments, **(named or {}))

"""Functions that run beside the learner's code, where a check cannot: they take its names and give plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

import numpy as np

from fraud_pipeline.deploy import PcaDetector
from fraud_pipeline.deploy.detector import Floats
from workshop.checks.crashes import delivering
from workshop.checks.values import field_names

__all__ = ["call", "counting_calls", "delivering", "first", "ksql"]


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


def ksql(request: dict[str, Any]) -> dict[str, Any]:
    """KSQL statements with functions of the learner's: :func:`workshop.checks.ksql_memory.execute`."""
    from workshop.checks import ksql_memory  # the engine loads when it is needed

    return ksql_memory.execute(**request)


def counting_calls(
    function: Callable[..., Any], arguments: Iterable[Any], detector: PcaDetector
) -> tuple[Any, list[tuple[int, ...]]]:
    """``function(*arguments, detector)``, and the shape of each array that the detector was given meanwhile."""
    shapes: list[tuple[int, ...]] = []

    class Counting(PcaDetector):
        def score(self, features: Floats, /) -> Floats:
            shapes.append(np.shape(features))
            return super().score(features)

    named = {name: getattr(detector, name) for name in field_names(PcaDetector)}
    return function(*arguments, Counting(**named)), shapes

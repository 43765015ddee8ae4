"""Functions that run beside the learner's code, where a check cannot: they take its names and give plain data."""

from __future__ import annotations

import copy
import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
from confluent_kafka.admin import AdminClient

from fraud_pipeline.connection import Connection
from fraud_pipeline.deploy import PcaDetector
from fraud_pipeline.deploy.detector import Floats
from workshop.checks.crashes import delivering
from workshop.checks.values import field_names

__all__ = [
    "arguments_after",
    "call",
    "counting_calls",
    "delivering",
    "failing_member",
    "first",
    "ksql",
    "of_iterator",
    "taken_for_first",
    "working_folder",
]


def first(items: Iterable[Any], count: int) -> list[Any]:
    """The first ``count`` items of an iterable; a generator is closed after them."""
    iterator = iter(items)
    try:
        return list(islice(iterator, count))
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            close()


def working_folder() -> str:
    """The folder that relative paths of the learner's code start from."""
    return os.getcwd()


def of_iterator(function: Callable[..., Any], items: Iterable[Any]) -> Any:
    """``function`` of an iterator over ``items``: it has no length, and can be walked through only once."""
    return function(iter(items))


def taken_for_first(function: Callable[..., Iterable[Any]], items: Iterable[Any], count: int) -> tuple[list[Any], int]:
    """The first ``count`` items of what ``function`` makes of ``items``, and how many of these it took for them."""
    taken = 0

    def counted() -> Iterator[Any]:
        nonlocal taken
        for item in items:
            taken += 1
            yield item

    return first(function(counted()), count), taken


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


def failing_member(
    function: Callable[..., object], arguments: Iterable[Any], connection: Connection, group: str
) -> dict[str, Any]:
    """Call what is expected to fail: the class of its error, ``raised``, and how many ``members`` ``group`` has then.

    Static members do not count: they stay when they are closed, and their successors need not wait for them.
    The error is held meanwhile, as a notebook holds the last one: with it lives whatever the function has left open.
    """
    held: Exception | None = None
    try:
        function(*arguments)
    except Exception as error:  # noqa: BLE001 - the learner's code may raise what it likes
        held = error
    admin = AdminClient(connection.kafka())
    described = admin.describe_consumer_groups([group])[group].result()
    members = [one for one in described.members if not one.group_instance_id]
    raised = None if held is None else type(held).__name__
    held = None
    gc.collect()  # an open consumer may be part of a circle, and would keep the partitions from its successor
    return {"raised": raised, "members": len(members)}


def arguments_after(function: Callable[..., object], arguments: Iterable[Any]) -> list[Any]:
    """Copies of the ``arguments``, as they are when ``function`` has been called with them."""
    given = copy.deepcopy(list(arguments))
    function(*given)
    return given

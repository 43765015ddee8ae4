"""One task's checks: each item is tried on its own, so that one failure does not hide the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from confluent_kafka import KafkaError, KafkaException

from fraud_pipeline.connection import Connection
from workshop.checks import place
from workshop.checks.outcomes import Item, Status, TaskReport
from workshop.checks.values import difference
from workshop.errors import WorkshopError

T = TypeVar("T")

_STUB = "NotImplementedError"
_OUT_OF_REACH = (KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN, KafkaError._TIMED_OUT, KafkaError._RESOLVE)


class Task:
    """The checks of the task ``name``, worth ``points``.

    >>> task = Task("t1", points=2)
    >>> task.equal("adds", lambda: 1 + 1, 2, "Two numbers make a sum.")
    >>> task.report.score
    2
    """

    def __init__(self, name: str, points: float) -> None:
        self.name = name
        self.points = points
        self._items: list[Item] = []
        self._hidden = False
        self._place = place.current()

    def equal(
        self,
        what: str,
        call: Callable[[], object],
        expected: object,
        message: str,
        tolerance: float | None = None,
        weight: float = 1,
    ) -> None:
        """``call()`` must give ``expected``: plain data of the same family, numbers within ``tolerance``.

        Without ``tolerance`` whole numbers must be equal, others to nine digits. Lists and tuples are alike.
        """
        self._try(what, message, weight, lambda: difference(expected, call(), tolerance))

    def that(self, what: str, call: Callable[[], object], message: str, weight: float = 1) -> None:
        """``call()`` must give ``True``, nothing that only counts as true."""
        self._try(what, message, weight, lambda: None if _is_true(value := call()) else _not_true(value))

    def raises(self, what: str, call: Callable[[], object], error: str, message: str, weight: float = 1) -> None:
        """``call()`` must raise an exception of the class named ``error``, or of one derived from it."""

        def attempt() -> str | None:
            try:
                call()
            except place.LearnerLostError:
                raise  # nothing was raised: a process that ends must not pass for an exception
            except Exception as raised:
                names = place.error_names(raised)
                if error in names:
                    return None
                if names[0] == _STUB:
                    raise
                return f"expected {error}, came {names[0]}: {raised}"
            return f"expected {error}, but nothing was raised"

        self._try(what, message, weight, attempt)

    def once(self, call: Callable[[], T]) -> Callable[[], T]:
        """``call`` made when it is first needed, and then no more: its result, or its error, serves all items."""
        kept: list[tuple[bool, Any]] = []

        def result() -> T:
            if not kept:
                try:
                    kept.append((True, call()))
                except Exception as error:  # noqa: BLE001 - raised again, for every item that asks
                    kept.append((False, error))
            good, value = kept[0]
            if not good:
                raise value
            return value

        return result

    def probe(self, name: str, *arguments: Any) -> Any:
        """Run a function of ``workshop.checks.probes`` beside the learner's code."""
        return self._place.probe(name, arguments)

    def kafka(self) -> Connection:
        """A running Kafka: the learner's own stack, or, when graded, a broker for this submission."""
        return self._place.kafka()

    def topic(self, name: str) -> str:
        """A topic name that nobody else has; the topic is removed after the checks."""
        return self._place.topic(name)

    def hidden(self, on: bool) -> None:
        """Items from now on are hidden from the learner, or visible again."""
        self._hidden = on

    @property
    def report(self) -> TaskReport:
        """What came of the items so far."""
        return TaskReport(self.name, self.points, tuple(self._items))

    def score(self) -> float:
        """Show what came of the items, and give the points."""
        self._place.finish(self.report)
        return self.report.score

    def _try(self, what: str, message: str, weight: float, attempt: Callable[[], str | None]) -> None:
        try:
            detail = attempt()
            status = Status.CORRECT if detail is None else Status.INCORRECT
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the learner's code may raise anything
            status, detail, message = _failed(error, message)
        shown = "" if status is Status.CORRECT else message
        self._items.append(Item(what, status, shown, detail or "", weight, self._hidden))


def _failed(error: BaseException, message: str) -> tuple[Status, str, str]:
    """Status, detail and message for an item that ended with an error."""
    names = place.error_names(error)
    if names[0] == _STUB:
        return Status.NOT_ATTEMPTED, "", "Not attempted yet: replace `raise NotImplementedError` with your code."
    if isinstance(error, WorkshopError):
        return Status.INCORRECT, str(error), f"This cannot be checked now. {error.hint}"
    if isinstance(error, KafkaException):
        return Status.INCORRECT, f"Kafka: {error}", message + _advice(error)
    return Status.INCORRECT, f"{names[0]}: {error}", message


def _advice(error: KafkaException) -> str:
    """What to do about an error of the client that its own text does not explain."""
    codes = [cause.code() for cause in error.args if isinstance(cause, KafkaError)]
    if any(code in _OUT_OF_REACH for code in codes):
        return " If Kafka is not up: workshop up"
    if KafkaError._STATE in codes:
        return " Transactions have an order of calls: init_transactions once, then begin, send, commit or abort."
    return ""


def _is_true(value: object) -> bool:
    return type(value) in (bool, np.bool_) and bool(value)


def _not_true(value: object) -> str:
    """Of a plain ``False`` there is nothing to say that the message does not say."""
    return "" if type(value) in (bool, np.bool_) else f"expected True, came a {type(value).__name__}"

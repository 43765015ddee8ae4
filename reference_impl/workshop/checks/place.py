"""Where the learner's code runs, behind one small interface: here, or, when it is graded, in a sandbox elsewhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from fraud_pipeline.connection import Connection, Setting
from workshop import places
from workshop.checks import probes
from workshop.checks.outcomes import TaskReport
from workshop.errors import NoStackError

_ADDRESSES = ("bootstrap_servers", "ksql_url", "registry_url", "connect_url")


class Place(Protocol):
    """What a check needs of the world around it."""

    def probe(self, name: str, arguments: Sequence[Any]) -> Any:
        """Run ``workshop.checks.probes.<name>`` beside the learner's code, and return its plain data."""
        ...

    def ksql(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Run :func:`workshop.checks.ksql_memory.execute` with the plain arguments of ``request``."""
        ...

    def kafka(self) -> Connection:
        """A running Kafka for this learner."""
        ...

    def topic(self, name: str) -> str:
        """A topic name that nobody else has."""
        ...

    def finish(self, report: TaskReport) -> None:
        """A task's checks are done: show or keep the report."""
        ...


class LearnerError(Exception):
    """An exception in the learner's code that ran elsewhere: the names of its class and its bases, and its text."""

    def __init__(self, names: Sequence[str], text: str) -> None:
        super().__init__(text)
        self.names = tuple(names)


class LearnerLostError(LearnerError):
    """The process in which the learner's code ran has ended or hung. It is no exception of the learner's."""


def error_names(error: BaseException) -> tuple[str, ...]:
    """Names of the error's class and of its bases, nearest first."""
    if isinstance(error, LearnerError):
        return error.names
    return tuple(one.__name__ for one in type(error).__mro__ if one is not object)


class _NoConnection(Connection):
    """Stands for a stack that is not up: an item that uses it says so, and items that do not need it still run."""

    def kafka(self, **settings: Setting) -> dict[str, Setting]:
        raise NoStackError

    def __getattribute__(self, name: str) -> Any:
        if name in _ADDRESSES:
            raise NoStackError
        return super().__getattribute__(name)


class LocalPlace:
    """The learner's names are in this very process, as in a notebook."""

    def __init__(self, connection: Connection | None = None) -> None:
        self._connection = connection
        self._topics: list[str] = []

    def probe(self, name: str, arguments: Sequence[Any]) -> Any:
        return getattr(probes, name)(*arguments)

    def ksql(self, request: Mapping[str, Any]) -> dict[str, Any]:
        from workshop.checks import ksql_memory  # the engine loads when it is needed

        return ksql_memory.execute(**request)

    def kafka(self) -> Connection:
        if self._connection is None:
            from workshop import stack

            try:
                self._connection = stack.connection(places.home())
            except NoStackError:
                return _NoConnection()
        return self._connection

    def topic(self, name: str) -> str:
        self._topics.append(f"{name}-{uuid.uuid4().hex[:12]}")
        return self._topics[-1]

    def finish(self, report: TaskReport) -> None:
        from workshop.checks import show

        self._remove_topics()
        show.display(report)

    def _remove_topics(self) -> None:
        """A check leaves nothing behind in the learner's Kafka."""
        if self._connection is None or not self._topics:
            return
        from confluent_kafka.admin import AdminClient

        admin = AdminClient(self._connection.kafka())
        made = [name for name in admin.list_topics(timeout=10).topics if name.startswith(tuple(self._topics))]
        if made:
            for future in admin.delete_topics(made).values():
                future.exception()  # waits; one that is gone already is as good
        self._topics.clear()


_current: ContextVar[Place | None] = ContextVar("place", default=None)
_here = LocalPlace()


def current() -> Place:
    """The place that checks use now."""
    return _current.get() or _here


def connection() -> Connection:
    """The Kafka that checks use now: in a notebook, the learner's own stack."""
    return current().kafka()


def set_current(place: Place) -> None:
    """Let checks of this process use ``place`` from now on."""
    _current.set(place)


@contextmanager
def using(place: Place) -> Iterator[None]:
    """Let checks use ``place`` within the block."""
    token = _current.set(place)
    try:
        yield
    finally:
        _current.reset(token)

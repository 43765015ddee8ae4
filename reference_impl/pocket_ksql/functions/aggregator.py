"""What aggregate functions share, and how a query configures one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from pocket_ksql.types import SqlType

Types = Sequence[SqlType | None]
Constants = Sequence[Any]


@runtime_checkable
class Configurable(Protocol):
    """An aggregate that takes properties of the query."""

    def configure(self, properties: Mapping[str, Any]) -> None: ...


class Stateful:
    """What most aggregates share: NULL at first, the state is the result."""

    def __init__(self, given: Types, constants: Constants) -> None:
        self.given = given
        self.constants = constants

    def initial(self) -> Any:
        return None

    def configure(self, properties: Mapping[str, Any]) -> None:
        """Take the properties that concern this function, before the first value."""

    def result(self, state: Any) -> Any:
        return state

    def stored(self) -> SqlType | None:
        """Type of the state where ksqlDB keeps it, which the value's format must be able to hold."""
        return self.given[-1]

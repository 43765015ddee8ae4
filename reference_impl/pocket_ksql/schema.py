"""The schema of a source or of a step: named, typed columns, each in the key, the value or the headers."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pocket_ksql import types
from pocket_ksql.types import SqlType, quoted

ROWTIME = "ROWTIME"
ROWPARTITION = "ROWPARTITION"
ROWOFFSET = "ROWOFFSET"
WINDOWSTART = "WINDOWSTART"
WINDOWEND = "WINDOWEND"

PSEUDO_COLUMNS: dict[str, SqlType] = {
    ROWTIME: types.BIGINT,
    ROWPARTITION: types.INTEGER,
    ROWOFFSET: types.BIGINT,
}
"""Columns that every source has without declaring them."""

WINDOW_BOUNDS: dict[str, SqlType] = {WINDOWSTART: types.BIGINT, WINDOWEND: types.BIGINT}
"""Columns that every windowed source has besides."""

SYSTEM_COLUMNS = frozenset([*PSEUDO_COLUMNS, *WINDOW_BOUNDS])


class Place(enum.Enum):
    """Where in a record a column lives."""

    KEY = "KEY"
    VALUE = "VALUE"
    HEADERS = "HEADERS"


@dataclass(frozen=True)
class Column:
    """One column; ``header`` names the header of ``HEADER('name')`` columns."""

    name: str
    type: SqlType
    place: Place = Place.VALUE
    header: str | None = None

    def __str__(self) -> str:
        text = f"{quoted(self.name)} {self.type}"
        if self.place is Place.KEY:
            text += " KEY"
        elif self.place is Place.HEADERS:
            text += f" HEADER('{self.header}')" if self.header is not None else " HEADERS"
        return text


@dataclass(frozen=True)
class Schema:
    """Columns in the order declared."""

    columns: tuple[Column, ...]

    @cached_property
    def key(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.place is Place.KEY)

    @cached_property
    def value(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.place is Place.VALUE)

    @cached_property
    def headers(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.place is Place.HEADERS)

    def find(self, name: str) -> Column | None:
        """The column of that name, or ``None``."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __str__(self) -> str:
        return ", ".join(map(str, self.columns))


def schema_of(columns: Iterable[Column]) -> Schema:
    """A schema from any iterable of columns."""
    return Schema(tuple(columns))

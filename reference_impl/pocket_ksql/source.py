"""Streams and tables, as values: schema, topic, formats, and how their keys and times are read."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from pocket_ksql.schema import Schema


class SourceKind(enum.Enum):
    STREAM = "STREAM"
    TABLE = "TABLE"


class WindowKind(enum.Enum):
    TUMBLING = "TUMBLING"
    HOPPING = "HOPPING"
    SESSION = "SESSION"


@dataclass(frozen=True)
class KeyWindow:
    """How the keys of a windowed source are laid out; ``size`` in milliseconds, ``None`` for sessions."""

    kind: WindowKind
    size: int | None = None


@dataclass(frozen=True)
class FormatSpec:
    """A format by name with its properties (``delimiter``, ``full_schema_name``, ``schema_id``, ``wrap``, …)."""

    name: str
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TimestampSpec:
    """The column that a record's time is taken from, with its pattern when it is text."""

    column: str
    pattern: str | None = None


@dataclass(frozen=True)
class Source:
    """A stream or a table.

    ``statement_text`` is the statement that made it, in canonical form. ``read_only`` marks
    ``CREATE SOURCE …``; ``created_as`` marks the sink of a ``CREATE … AS SELECT``.
    """

    name: str
    kind: SourceKind
    schema: Schema
    topic: str
    key_format: FormatSpec
    value_format: FormatSpec
    window: KeyWindow | None = None
    timestamp: TimestampSpec | None = None
    read_only: bool = False
    created_as: bool = False
    statement_text: str = ""

    @property
    def is_table(self) -> bool:
        return self.kind is SourceKind.TABLE

"""Records as they go in and come out of a query: what Kafka knows of them, and nothing else."""

from __future__ import annotations

import enum
from typing import NamedTuple

Headers = tuple[tuple[str, bytes | None], ...]


class Record(NamedTuple):
    """One record read from a topic; ``timestamp`` is in milliseconds since 1970."""

    key: bytes | None
    value: bytes | None
    timestamp: int
    partition: int = 0
    offset: int = 0
    headers: Headers = ()


class Produced(NamedTuple):
    """One record to be written to ``topic``; without a partition the key decides."""

    topic: str
    key: bytes | None
    value: bytes | None
    timestamp: int
    headers: Headers = ()
    partition: int | None = None


class Stage(enum.Enum):
    """How far a query came with a record that it could not use, or, while ``PROCESSING``, not wholly."""

    KEY = "reading the key"
    VALUE = "reading the value"
    PROCESSING = "processing"
    WRITING = "writing the result"


class Rejected(NamedTuple):
    """A record that a query could not use, why, and at what stage: for the processing log."""

    topic: str
    record: Record
    reason: str
    stage: Stage = Stage.VALUE


class Change(NamedTuple):
    """One entry of a state store's changelog; ``value`` is ``None`` when the key was removed."""

    store: str
    key: bytes
    value: bytes | None

"""Records on their way in and out, as plain values: the steps between reading and writing know no Kafka."""

from __future__ import annotations

from typing import NamedTuple

from fraud_pipeline.kafka import Header


class Incoming(NamedTuple):
    """A record that was read. ``timestamp`` is in ms since 1970."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


class Outgoing(NamedTuple):
    """A record to be written. ``timestamp`` is in ms since 1970."""

    topic: str
    key: bytes | None
    value: bytes | None
    timestamp: int
    headers: list[Header] | None = None

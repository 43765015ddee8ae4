"""Properties of Kafka Streams and its clients, as a query is given them."""

from __future__ import annotations

from collections.abc import Mapping


def stream_property(properties: Mapping[str, object], name: str, default: object) -> object:
    """The value of ``name``, which may be set with or without ``ksql.streams.`` before it."""
    return properties.get(name, properties.get(f"ksql.streams.{name}", default))

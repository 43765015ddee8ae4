"""Properties of Kafka Streams and its clients, as a query is given them."""

from __future__ import annotations

from collections.abc import Mapping

from pocket_ksql.errors import KsqlError

_FETCH_MIN_BYTES = "fetch.min.bytes"
_OFFSET_RESET = "auto.offset.reset"


def stream_property(properties: Mapping[str, object], name: str, default: object) -> object:
    """The value of ``name``, which may be set with or without ``ksql.streams.`` before it."""
    return properties.get(name, properties.get(f"ksql.streams.{name}", default))


def fetch_min_bytes(properties: Mapping[str, object], default: int) -> int:
    """How many bytes the broker gathers for a query before it answers. Raises KsqlError if that is no number."""
    value = stream_property(properties, _FETCH_MIN_BYTES, default)
    if not str(value).isdecimal():
        raise KsqlError(f"Invalid value {value} for configuration {_FETCH_MIN_BYTES}: it must be a number, 0 or more")
    return max(int(str(value)), 1)


def offset_reset(properties: Mapping[str, object]) -> str:
    """Where a query begins that has not run yet: ``earliest`` or ``latest``. Raises KsqlError for anything else."""
    value = stream_property(properties, _OFFSET_RESET, "latest")
    chosen = str(value).lower()
    if chosen not in ("earliest", "latest"):
        raise KsqlError(
            f"Invalid value {value} for configuration {_OFFSET_RESET}: String must be one of: latest, earliest"
        )
    return chosen

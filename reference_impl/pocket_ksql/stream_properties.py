"""Properties of Kafka Streams and its clients, as a query is given them."""

from __future__ import annotations

from collections.abc import Mapping

from pocket_ksql.errors import KsqlError

_FETCH_MIN_BYTES = "fetch.min.bytes"
_OFFSET_RESET = "auto.offset.reset"
_CACHE_BYTES = "statestore.cache.max.bytes"
_CACHE_BYTES_ONCE = "cache.max.bytes.buffering"
_COMMIT_INTERVAL = "commit.interval.ms"


def stream_property(properties: Mapping[str, object], name: str, default: object) -> object:
    """The value of ``name``, which may be set with or without ``ksql.streams.`` before it."""
    return properties.get(name, properties.get(f"ksql.streams.{name}", default))


def fetch_min_bytes(properties: Mapping[str, object], default: int) -> int:
    """How many bytes the broker gathers for a query before it answers. Raises KsqlError if that is no number."""
    return max(_number(properties, _FETCH_MIN_BYTES, default), 1)


def cache_bytes(properties: Mapping[str, object], default: int) -> int:
    """How many bytes of a table's changes a query may gather; 0: each goes out at once. Raises KsqlError.

    The name of the property in Kafka Streams 3.4 and later wins over the one before.
    """
    return _number(properties, _CACHE_BYTES, _number(properties, _CACHE_BYTES_ONCE, default))


def commit_interval(properties: Mapping[str, object], default: float) -> float:
    """For how many seconds a query gathers the changes of a table. Raises KsqlError."""
    return _number(properties, _COMMIT_INTERVAL, round(default * 1000)) / 1000


def _number(properties: Mapping[str, object], name: str, default: int) -> int:
    value = str(stream_property(properties, name, default))
    if not (value.isascii() and value.isdecimal()):
        raise KsqlError(f"Invalid value {value} for configuration {name}: it must be a number, 0 or more")
    return int(value)


def offset_reset(properties: Mapping[str, object]) -> str:
    """Where a query begins that has not run yet: ``earliest`` or ``latest``. Raises KsqlError for anything else."""
    value = stream_property(properties, _OFFSET_RESET, "latest")
    chosen = str(value).lower()
    if chosen not in ("earliest", "latest"):
        raise KsqlError(
            f"Invalid value {value} for configuration {_OFFSET_RESET}: String must be one of: latest, earliest"
        )
    return chosen

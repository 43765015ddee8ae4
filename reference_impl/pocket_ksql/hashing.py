"""SQL values as keys of dictionaries."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any


def hashable(value: Any) -> Hashable:
    """``value`` as a key of a dictionary: lists and dictionaries become tuples."""
    if isinstance(value, (list, tuple)):
        return tuple(map(hashable, value))
    if isinstance(value, dict):
        return tuple((key, hashable(one)) for key, one in value.items())
    return value


_M, _MASK = 0x5BD1E995, 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """The 32 bits by which Kafka's Java clients choose a key's partition (Appleby's MurmurHash2, Kafka's seed)."""
    state = 0x9747B28C ^ len(data)
    whole = len(data) & ~3
    for at in range(0, whole, 4):
        part = int.from_bytes(data[at : at + 4], "little") * _M & _MASK
        part = (part ^ part >> 24) * _M & _MASK
        state = state * _M & _MASK ^ part
    if whole < len(data):
        state = (state ^ int.from_bytes(data[whole:], "little")) * _M & _MASK
    state = (state ^ state >> 13) * _M & _MASK
    return state ^ state >> 15


def partition_of(key: bytes | None, partitions: int) -> int:
    """The partition of a key; records without one may lie anywhere, here in the first."""
    return 0 if key is None else (murmur2(key) & 0x7FFFFFFF) % partitions

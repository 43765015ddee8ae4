"""SQL values as keys: of dictionaries, in the order of a store, and for the choice of a partition."""

from __future__ import annotations

import struct
from collections.abc import Hashable, Iterable
from typing import Any


def hashable(value: Any) -> Hashable:
    """``value`` as a key of a dictionary: lists and dictionaries become tuples."""
    if isinstance(value, (list, tuple)):
        return tuple(map(hashable, value))
    if isinstance(value, dict):
        return tuple((key, hashable(one)) for key, one in value.items())
    return value


def stored_order(key: Iterable[Any]) -> list[bytes]:
    """What keys sort by where a store keeps them by their bytes, as the KAFKA format makes them."""
    return [_order_bytes(one) for one in key]


def _order_bytes(value: Any) -> bytes:
    if isinstance(value, int):
        return (value & 0xFFFF_FFFF_FFFF_FFFF).to_bytes(8, "big")
    if isinstance(value, float):
        return struct.pack(">d", value)
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


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

"""Windowed keys as Kafka's windowed serialisers lay them out: the key's bytes, then times of 8 bytes, big-endian.

Tumbling and hopping windows have their start; sessions have their end, then their start.
"""

from __future__ import annotations

import struct

from pocket_ksql.errors import RecordError
from pocket_ksql.source import KeyWindow, WindowKind

_ONE, _TWO = struct.Struct(">q"), struct.Struct(">qq")


def split_window(key: bytes, window: KeyWindow) -> tuple[bytes, int, int]:
    """The bytes of the key itself, and the window's start and end in milliseconds."""
    size = _TWO.size if window.kind is WindowKind.SESSION else _ONE.size
    if len(key) < size:
        raise RecordError(f"a windowed key needs at least {size} bytes, not {len(key)}")
    if window.kind is WindowKind.SESSION:
        end, start = _TWO.unpack(key[-size:])
    else:
        (start,) = _ONE.unpack(key[-size:])
        end = start + (window.size or 0)
    return key[:-size], start, end


def join_window(key: bytes, start: int, end: int, window: KeyWindow) -> bytes:
    """The inverse of ``split_window``."""
    return key + (_TWO.pack(end, start) if window.kind is WindowKind.SESSION else _ONE.pack(start))

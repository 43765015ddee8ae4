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

"""State as bytes: JSON in which what JSON lacks (tuples, decimals, bytes, other keys than text) is tagged."""

from __future__ import annotations

import base64
import math
from decimal import Decimal
from typing import Any

import orjson

_TAG = "$"


def dump(value: Any) -> bytes:
    """Bytes of a value made of SQL values, tuples, lists and dictionaries."""
    return orjson.dumps(_pack(value))


def load(data: bytes) -> Any:
    """The inverse of ``dump``."""
    return _unpack(orjson.loads(data))


def _pack(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if -(1 << 53) < value < 1 << 53 else {_TAG: "i", "v": str(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else {_TAG: "f", "v": str(value)}
    if isinstance(value, tuple):
        return {_TAG: "t", "v": [_pack(one) for one in value]}
    if isinstance(value, list):
        return [_pack(one) for one in value]
    if isinstance(value, Decimal):
        return {_TAG: "d", "v": str(value)}
    if isinstance(value, bytes):
        return {_TAG: "b", "v": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {_TAG: "m", "v": [[_pack(key), _pack(one)] for key, one in value.items()]}
    raise TypeError(f"{type(value).__name__} is no state value")


def _unpack(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpack(one) for one in value]
    if not isinstance(value, dict):
        return value
    inner = value["v"]
    match value[_TAG]:
        case "t":
            return tuple(_unpack(one) for one in inner)
        case "i":
            return int(inner)
        case "f":
            return float(inner)
        case "d":
            return Decimal(inner)
        case "b":
            return base64.b64decode(inner)
    return {_unpack(key): _unpack(one) for key, one in inner}

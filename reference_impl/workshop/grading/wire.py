"""Plain data as JSON envelopes and blobs, and back: what may cross between a check and a learner's code.

Nothing here runs code that came over the wire: no pickle, no class looked up by a name that was sent. What is no
plain data crosses as a handle, a number under which its owner keeps it.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from workshop.checks.values import CROSSING, field_names
from workshop.grading.channel import Message

MAX_DEPTH = 50
MAX_VALUES = 2_000_000
_MOST_DIGITS = 1_000

_DTYPE = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248]|[mM]8\[(s|ms|us|ns|D|h|m)\]|[SU]\d{1,6})")
_COLUMN_TYPES = re.compile(
    r"object|str|string|category|bool(ean)?|U?Int(8|16|32|64)|Float(32|64)|datetime64\[.{1,40}\]"
)
_AS_THEY_ARE = frozenset({type(None), bool, int, float, str})
"""Types that JSON has, too: no subclass, which might say anything of itself."""
_BY_VALUE = {kind.__name__: kind for kind in CROSSING}


class WireError(ValueError):
    """The value cannot cross, or what came is no value."""


@dataclass(frozen=True)
class Handle:
    """Something that stayed where it is: its number there, what it may be used as, and its class for messages."""

    number: int
    kind: str
    type_name: str


class Encoder:
    """Turns values into one message. ``keep`` gives a handle to what is no plain data, or raises ``WireError``."""

    def __init__(self, keep: Callable[[Any], Handle]) -> None:
        self._keep = keep
        self._blobs: list[bytes] = []
        self._left = MAX_VALUES

    def message(self, body: dict[str, Any], **values: Any) -> Message:
        """``body`` with ``values`` added under their names."""
        encoded = {name: self.encode(value) for name, value in values.items()}
        return Message({**body, **encoded}, tuple(self._blobs))

    def encode(self, value: Any, depth: int = 0) -> Any:
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            raise WireError("the value is too deep or too large")
        kind = type(value)
        if kind in _AS_THEY_ARE:
            return value
        if kind is list:
            return [self.encode(one, depth + 1) for one in value]
        if kind in (tuple, set, frozenset):
            return {"t": kind.__name__, "v": [self.encode(one, depth + 1) for one in value]}
        if kind is dict:
            pairs = [[self.encode(key, depth + 1), self.encode(one, depth + 1)] for key, one in value.items()]
            return {"t": "dict", "v": pairs}
        if kind in (bytes, bytearray):
            return {"t": "bytes", "b": self._blob(bytes(value))}
        return self._rich(value, depth)

    def _rich(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is pd.Timestamp or value is pd.NaT:
            return {"t": "timestamp", "v": str(value)}
        if kind is dt.datetime:
            zone = getattr(value.tzinfo, "key", None)
            return {"t": "datetime", "v": value.isoformat(), "z": zone}
        if kind in (dt.date, dt.time):
            return {"t": kind.__name__, "v": value.isoformat()}
        if kind is dt.timedelta:
            return {"t": "timedelta", "v": [value.days, value.seconds, value.microseconds]}
        if kind is Decimal:
            return {"t": "decimal", "v": str(value)}
        if kind is type(Path()):
            return {"t": "path", "v": str(value)}
        if isinstance(value, np.generic) and _DTYPE.fullmatch(value.dtype.str):
            return {"t": "scalar", "d": value.dtype.str, "b": self._blob(value.tobytes())}
        if kind is np.ndarray:
            return self._array(value, depth)
        if kind is pd.Series:
            return {"t": "series", "n": self.encode(value.name, depth + 1), **self._column(value, depth)}
        if kind is pd.DataFrame:
            columns = [self._column(value.iloc[:, place], depth) for place in range(value.shape[1])]
            names = [self.encode(name, depth + 1) for name in value.columns]
            return {"t": "frame", "n": names, "c": columns, "i": self._index(value.index, depth)}
        if kind in CROSSING:
            inner = {name: self.encode(getattr(value, name), depth + 1) for name in field_names(kind)}
            return {"t": "by value", "n": kind.__name__, "v": inner}
        handle = value if kind is Handle else self._keep(value)
        return {"t": "handle", "i": handle.number, "k": handle.kind, "n": handle.type_name}

    def _array(self, value: np.ndarray, depth: int) -> Any:
        if _DTYPE.fullmatch(value.dtype.str):
            blob = self._blob(np.ascontiguousarray(value).tobytes())
            return {"t": "array", "d": value.dtype.str, "s": list(value.shape), "b": blob}
        if value.dtype != object:
            raise WireError(f"arrays of {value.dtype} cannot be graded")
        flat = [self.encode(one, depth + 1) for one in value.ravel()]
        return {"t": "objects", "s": list(value.shape), "v": flat}

    def _column(self, value: pd.Series, depth: int) -> dict[str, Any]:
        numpy = isinstance(value.dtype, np.dtype)
        data = value.to_numpy() if numpy else np.array(list(value.astype(object)), dtype=object)
        return {
            "d": None if numpy else str(value.dtype),
            "v": self._array(data, depth),
            "i": self._index(value.index, depth),
        }

    def _index(self, index: pd.Index, depth: int) -> Any:
        if type(index) is pd.RangeIndex:
            return [int(index.start), int(index.stop), int(index.step)]
        return self._array(index.to_numpy(), depth)

    def _blob(self, data: bytes) -> int:
        self._blobs.append(data)
        return len(self._blobs) - 1


class Decoder:
    """Turns a message's envelopes back into values. ``found`` says what stands for a handle."""

    def __init__(self, message: Message, found: Callable[[Handle], Any]) -> None:
        self._blobs = message.blobs
        self._found = found
        self._left = MAX_VALUES

    def decode(self, raw: Any) -> Any:
        """The value. Raises ``WireError`` for anything that :class:`Encoder` would not have written."""
        try:
            return self._value(raw, 0)
        except (LookupError, TypeError, ValueError, ArithmeticError, MemoryError, AttributeError) as error:
            raise WireError(f"what came back is no plain data: {error}") from error

    def _value(self, raw: Any, depth: int) -> Any:
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            raise WireError("the value is too deep or too large")
        if type(raw) in _AS_THEY_ARE:
            return raw
        if isinstance(raw, list):
            return [self._value(one, depth + 1) for one in raw]
        match raw["t"]:
            case "tuple":
                return tuple(self._value(one, depth + 1) for one in raw["v"])
            case "set":
                return {self._value(one, depth + 1) for one in raw["v"]}
            case "frozenset":
                return frozenset(self._value(one, depth + 1) for one in raw["v"])
            case "dict":
                return {self._value(key, depth + 1): self._value(one, depth + 1) for key, one in raw["v"]}
            case "bytes":
                return self._blob(raw)
            case "timestamp":
                return pd.Timestamp(_text(raw["v"]))
            case "datetime":
                moment = dt.datetime.fromisoformat(raw["v"])
                return moment.astimezone(ZoneInfo(_text(raw["z"]))) if raw["z"] else moment
            case "date":
                return dt.date.fromisoformat(raw["v"])
            case "time":
                return dt.time.fromisoformat(raw["v"])
            case "timedelta":
                return dt.timedelta(*raw["v"])
            case "decimal":
                return _decimal(raw["v"])
            case "path":
                return Path(_text(raw["v"]))
            case "scalar":
                return np.frombuffer(self._blob(raw), _dtype(raw["d"]), count=1)[0]
            case "series":
                return self._series(raw, self._value(raw["n"], depth + 1), depth)
            case "frame":
                return self._frame(raw, depth)
            case "by value":
                inner = {_text(name): self._value(one, depth + 1) for name, one in raw["v"].items()}
                return _BY_VALUE[_text(raw["n"])](**inner)
            case "handle":
                return self._found(Handle(int(raw["i"]), _text(raw["k"]), _text(raw["n"])[:100]))
            case _:
                return self._array(raw, depth)

    def _array(self, raw: Any, depth: int) -> np.ndarray:
        shape = tuple(int(size) for size in raw["s"])
        if len(shape) > 8 or any(size < 0 for size in shape):
            raise WireError("no such shape")
        if 0 in shape and math.prod(size or 1 for size in shape) > MAX_VALUES:
            raise WireError("an array without values has too many rows")  # nobody could walk through them
        if raw["t"] == "array":
            return np.frombuffer(bytearray(self._blob(raw)), _dtype(raw["d"])).reshape(shape)
        if raw["t"] != "objects":
            raise WireError("no such kind of value")
        flat = np.empty(len(raw["v"]), dtype=object)
        for place, one in enumerate(raw["v"]):
            flat[place] = self._value(one, depth + 1)
        return flat.reshape(shape)

    def _series(self, raw: Any, name: Any, depth: int) -> pd.Series:
        data: Any = self._array(raw["v"], depth)
        if raw["d"] is not None:
            if not _COLUMN_TYPES.fullmatch(_text(raw["d"])):
                raise WireError(f"columns of {raw['d'][:40]} cannot be graded")
            data = pd.array(list(data), dtype=raw["d"])
        return pd.Series(data, index=self._index(raw["i"], depth), name=name)

    def _frame(self, raw: Any, depth: int) -> pd.DataFrame:
        index = self._index(raw["i"], depth)
        if not raw["c"] and len(index) > MAX_VALUES:
            raise WireError("a frame without columns has too many rows")
        columns = [self._series({**column, "i": raw["i"]}, None, depth) for column in raw["c"]]
        frame = pd.DataFrame(dict(enumerate(columns)), index=index)
        frame.columns = pd.Index([self._value(name, depth + 1) for name in raw["n"]], dtype=object)
        return frame

    def _index(self, raw: Any, depth: int) -> pd.Index:
        if isinstance(raw, list):
            start, stop, step = (int(one) for one in raw)
            return pd.RangeIndex(start, stop, step)
        return pd.Index(self._array(raw, depth))

    def _blob(self, raw: Any) -> bytes:
        number = raw["b"]
        if not isinstance(number, int) or number < 0:
            raise WireError("no such blob")
        return self._blobs[number]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WireError("a text is missing")
    return value


def _decimal(value: Any) -> Decimal:
    """Not 1E+999999999: as a whole number it would fill the memory of whoever asks for it."""
    found = Decimal(_text(value))
    if found.is_finite() and abs(found.adjusted()) > _MOST_DIGITS:
        raise WireError("the number has too many digits")
    return found


def _dtype(name: Any) -> np.dtype:
    if not _DTYPE.fullmatch(_text(name)):
        raise WireError("no such type of number")
    return np.dtype(name)

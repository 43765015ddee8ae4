"""Functions on JSON in text."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pocket_ksql import temporal, types
from pocket_ksql.functions.registry import scalar
from pocket_ksql.text import BLANKS, double_text, exact_json
from pocket_ksql.types import SqlType

CATEGORY = "JSON"

_MISSING = object()


def _parse(text: str) -> Any:
    """The value, or nothing of a blank text. Raises ``ValueError`` for what is no JSON."""
    if not text.strip(BLANKS):
        return _MISSING
    try:
        return exact_json(text, _Number)
    except ValueError:
        raise ValueError(f"Invalid JSON format: {text}") from None


def _parse_leniently(text: str | None) -> Any:
    try:
        return _MISSING if text is None else _parse(text)
    except ValueError:
        return _MISSING


class _Number(float):
    """A number that is written with the digits that were read, as Java's BigDecimal writes them: ``1.50``, ``1E+3``."""

    def __new__(cls, text: str) -> _Number:
        made = super().__new__(cls, text)
        made.text = str(Decimal(text)) if made else str(Decimal(text).copy_abs())
        return made

    text: str

    def __repr__(self) -> str:
        return self.text


def _write(value: Any) -> str:
    """JSON without spaces, numbers as they were read."""
    if isinstance(value, _Number):
        return value.text
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return f"[{','.join(map(_write, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{_write(str(key))}:{_write(one)}' for key, one in value.items())}}}"
    if isinstance(value, float):
        return double_text(value) if math.isfinite(value) else f'"{double_text(value)}"'
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(_in_capitals, text) if "\\u00" in text else text


_ESCAPED = re.compile(r"\\(?:u00(..)|.)")


def _in_capitals(escaped: re.Match[str]) -> str:
    """The code of a control character as Java's libraries write it."""
    return escaped[0] if escaped[1] is None else rf"\u00{escaped[1].upper()}"


@scalar("EXTRACTJSONFIELD", "(input STRING, path STRING) -> STRING")
def extractjsonfield(text: str, path: str) -> str | None:
    """Returns the value at a path such as ``$.a.b[0]``, objects and arrays as JSON."""
    steps = _steps(path)
    value = _parse(text)
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step, _MISSING)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    if value is _MISSING or value is None:
        return None
    return value if isinstance(value, str) else _write(value)


_STEP = re.compile(
    r"""\.(?P<name>[^.\[\]*]+)|\[(?:(?P<bare>[\w-]+)|"(?P<quoted>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)')\]"""
)


@lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[str, ...]:
    """The names and numbers of a path. Raises ``ValueError`` for one that could lead to several places, or to none."""
    steps, at = [], 1
    while step := _STEP.match(path, at):
        quoted = step["quoted"]
        steps.append(step[step.lastgroup or 0] if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        at = step.end()
    if path[:1] != "$" or at < len(path):
        raise ValueError(f"Invalid JSON path: '{path}'")
    return tuple(steps)


@scalar("JSON_ARRAY_LENGTH", "(input STRING) -> INT")
def json_array_length(text: str) -> int | None:
    """Returns the number of items of a JSON array."""
    value = _parse(text)
    return len(value) if isinstance(value, list) else None


@scalar("JSON_ARRAY_CONTAINS", "(input STRING, val STRING) -> BOOLEAN", "(input STRING, val INT) -> BOOLEAN",
        "(input STRING, val BIGINT) -> BOOLEAN", "(input STRING, val DOUBLE) -> BOOLEAN",
        "(input STRING, val BOOLEAN) -> BOOLEAN", null_in_null_out=False)  # fmt: skip
@scalar("ARRAY_CONTAINS", "(input STRING, val STRING) -> BOOLEAN", null_in_null_out=False)
def json_array_contains(text: str | None, wanted: Any) -> bool:
    """Returns whether a JSON array holds a value."""
    value = _parse_leniently(text)
    return isinstance(value, list) and any(_kind(one) is type(wanted) and one == wanted for one in value)


def _kind(value: Any) -> type:
    return float if isinstance(value, _Number) else type(value)


@scalar("IS_JSON_STRING", "(input STRING) -> BOOLEAN", null_in_null_out=False)
def is_json_string(text: str | None) -> bool:
    """Returns whether a text is JSON."""
    return _parse_leniently(text) is not _MISSING


@scalar("JSON_KEYS", "(json STRING) -> ARRAY<STRING>")
def json_keys(text: str) -> list[str] | None:
    """Returns the keys of a JSON object."""
    value = _parse(text)
    return list(value) if isinstance(value, dict) else None


@scalar("JSON_RECORDS", "(json STRING) -> MAP<STRING, STRING>")
def json_records(text: str) -> dict[str, str] | None:
    """Returns the fields of a JSON object, values as JSON."""
    value = _parse(text)
    if not isinstance(value, dict):
        return None
    return {key: one if isinstance(one, str) else _write(one) for key, one in value.items()}


@scalar("JSON_ITEMS", "(json STRING) -> ARRAY<STRING>")
def json_items(text: str) -> list[str] | None:
    """Returns the items of a JSON array, each as JSON."""
    value = _parse(text)
    return [_write(one) for one in value] if isinstance(value, list) else None


@scalar("JSON_CONCAT", "(jsons STRING...) -> STRING", null_in_null_out=False)
def json_concat(*texts: str | None) -> str | None:
    """Merges JSON objects, joins arrays; other values count as arrays of one."""
    values = [_MISSING if text is None else _parse(text) for text in texts]
    if not values or any(value is _MISSING for value in values):
        return None
    objects = [value for value in values if isinstance(value, dict)]
    if len(objects) == len(values):
        return _write({key: one for value in objects for key, one in value.items()})
    return _write([item for value in values for item in (value if isinstance(value, list) else [value])])


# --- TO_JSON_STRING ------------------------------------------------------------------------------------------------


def _plain(of: SqlType | None) -> Callable[[Any], Any]:
    match of:
        case types.BYTES:
            return lambda value: base64.b64encode(value).decode()
        case types.TIME:
            return lambda value: temporal.format_time(value)
        case types.DATE:
            return temporal.format_date
        case types.TIMESTAMP:
            return temporal.format_timestamp
        case types.Array(item):
            inner = _nullable(item)
            return lambda values: [inner(value) for value in values]
        case types.Map(_, value_type):
            inner_value = _nullable(value_type)
            return lambda values: {str(key): inner_value(value) for key, value in values.items()}
        case types.Struct(fields):
            parts = [(name, _nullable(one)) for name, one in fields]
            return lambda value: {name: convert(value.get(name)) for name, convert in parts}
    return lambda value: value


def _nullable(of: SqlType | None) -> Callable[[Any], Any]:
    convert = _plain(of)
    return lambda value: None if value is None else convert(value)


@scalar("TO_JSON_STRING", "(val T) -> STRING", null_in_null_out=False, typed=True)
def to_json_string(given: Sequence[SqlType | None]) -> Callable[[Any], str]:
    """Returns any value as JSON."""
    convert = _nullable(given[0])
    return lambda value: _write(convert(value))

"""Functions on ARRAY, MAP and STRUCT."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pocket_ksql import temporal, types
from pocket_ksql.functions.limits import MOST_ITEMS
from pocket_ksql.functions.registry import scalar
from pocket_ksql.hashing import hashable
from pocket_ksql.ordering import order
from pocket_ksql.text import double_text
from pocket_ksql.types import SqlType

CATEGORY = "ARRAY"
CATEGORIES = dict.fromkeys(["AS_MAP", "ENTRIES", "MAP_KEYS", "MAP_UNION", "MAP_VALUES"], "MAP")


@scalar("ARRAY_LENGTH", "(arr ARRAY<T>) -> INT")
def size(values: Any) -> int:
    """Returns the number of items."""
    return len(values)


@scalar("ARRAY_CONTAINS", "(arr ARRAY<T>, val T) -> BOOLEAN", null_in_null_out=False)
def array_contains(values: list[Any] | None, value: Any) -> bool:
    """Returns whether the array holds the value."""
    return values is not None and value in values


def _unique(values: list[Any]) -> list[Any]:
    seen: dict[Any, Any] = {}
    for value in values:
        seen.setdefault(hashable(value), value)
    return list(seen.values())


@scalar("ARRAY_DISTINCT", "(arr ARRAY<T>) -> ARRAY<T>")
def array_distinct(values: list[Any]) -> list[Any]:
    """Returns the items without repetitions, in order."""
    return _unique(values)


@scalar("ARRAY_EXCEPT", "(left ARRAY<T>, right ARRAY<T>) -> ARRAY<T>")
def array_except(left: list[Any], right: list[Any]) -> list[Any]:
    """Returns the distinct items of the left that are not in the right."""
    return [value for value in _unique(left) if value not in right]


@scalar("ARRAY_INTERSECT", "(left ARRAY<T>, right ARRAY<T>) -> ARRAY<T>")
def array_intersect(left: list[Any], right: list[Any]) -> list[Any]:
    """Returns the distinct items that are in both."""
    return [value for value in _unique(left) if value in right]


@scalar("ARRAY_UNION", "(left ARRAY<T>, right ARRAY<T>) -> ARRAY<T>")
def array_union(left: list[Any], right: list[Any]) -> list[Any]:
    """Returns the distinct items of both."""
    return _unique(left + right)


@scalar("ARRAY_CONCAT", "(left ARRAY<T>, right ARRAY<T>) -> ARRAY<T>", null_in_null_out=False)
def array_concat(left: list[Any] | None, right: list[Any] | None) -> list[Any] | None:
    """Returns the items of both, one after the other."""
    return None if left is None and right is None else (left or []) + (right or [])


@scalar("ARRAY_REMOVE", "(arr ARRAY<T>, victim T) -> ARRAY<T>", null_in_null_out=False)
def array_remove(values: list[Any] | None, victim: Any) -> list[Any] | None:
    """Returns the items that are not equal to the second argument."""
    return None if values is None else [value for value in values if value != victim]


@scalar("ARRAY_MAX", "(arr ARRAY<T>) -> T")
def array_max(values: list[Any]) -> Any:
    """Returns the largest item that is not NULL."""
    return max((value for value in values if value is not None), default=None, key=order)


@scalar("ARRAY_MIN", "(arr ARRAY<T>) -> T")
def array_min(values: list[Any]) -> Any:
    """Returns the smallest item that is not NULL."""
    return min((value for value in values if value is not None), default=None, key=order)


@scalar("ARRAY_SORT", "(arr ARRAY<T>) -> ARRAY<T>", "(arr ARRAY<T>, direction STRING) -> ARRAY<T>")
def array_sort(values: list[Any], direction: str = "ASC") -> list[Any] | None:
    """Returns the items in order, ASC or DESC, NULLs last."""
    word = direction.strip().upper()
    if word not in ("ASC", "ASCENDING", "DESC", "DESCENDING"):
        return None
    known = [value for value in values if value is not None]
    known.sort(key=order, reverse=word.startswith("D"))
    return known + [None] * (len(values) - len(known))


_TEXTS: dict[str, Callable[[Any], str]] = {
    "BOOLEAN": lambda value: "true" if value else "false",
    "INTEGER": str,
    "BIGINT": str,
    "DOUBLE": double_text,
    "DECIMAL": lambda value: format(value, "f"),
    "STRING": str,
    "DATE": temporal.format_date,
    "TIME": temporal.format_time,
    "TIMESTAMP": temporal.format_timestamp,
}


@scalar("ARRAY_JOIN", "(arr ARRAY<T>) -> STRING", "(arr ARRAY<T>, delimiter STRING) -> STRING",
        null_in_null_out=False, typed=True)  # fmt: skip
def array_join(given: Sequence[SqlType | None]) -> Callable[..., str | None]:
    """Returns the items as one text, a delimiter between them."""
    item = given[0].item if isinstance(given[0], types.Array) else types.STRING
    text_of = _TEXTS.get(item.base())

    def join(values: list[Any] | None, delimiter: str | None = ",") -> str | None:
        if values is None:
            return None
        if text_of is None:
            raise ValueError(f"ARRAY_JOIN takes arrays of primitive types only, not of {item}")
        return (delimiter or "").join(["null" if value is None else text_of(value) for value in values])

    return join


@scalar("SLICE", "(arr ARRAY<T>, from INT, to INT) -> ARRAY<T>", null_in_null_out=False)
def slice_array(values: list[Any] | None, first: int | None, last: int | None) -> list[Any] | None:
    """Returns the items from one position to another, both counted from one and included."""
    if values is None:
        return None
    start = 0 if first is None else first - 1
    end = len(values) if last is None else last
    return None if start < 0 or end > len(values) or start > end else values[start:end]


@scalar("GENERATE_SERIES", "(start INT, end INT) -> ARRAY<INT>", "(start INT, end INT, step INT) -> ARRAY<INT>",
        "(start BIGINT, end BIGINT) -> ARRAY<BIGINT>",
        "(start BIGINT, end BIGINT, step INT) -> ARRAY<BIGINT>")  # fmt: skip
def generate_series(start: int, end: int, step: int | None = None) -> list[int]:
    """Returns the numbers from start to end."""
    if step is None:
        step = 1 if end >= start else -1
    if step == 0:
        raise ValueError("GENERATE_SERIES step cannot be zero")
    if (end - start) * step < 0:
        raise ValueError("GENERATE_SERIES step has wrong sign")
    numbers = range(start, end + (1 if step > 0 else -1), step)
    if (end - start) // step >= MOST_ITEMS:
        raise ValueError(f"GENERATE_SERIES gives {MOST_ITEMS} numbers at most")
    return list(numbers)


@scalar("ENTRIES", "(map MAP<STRING, V>, sorted BOOLEAN) -> ARRAY<STRUCT<K STRING, V V>>")
def entries(values: dict[str, Any], in_order: bool) -> list[dict[str, Any]]:
    """Returns the entries of a map as structs of K and V."""
    keys = sorted(values, key=order) if in_order else list(values)
    return [{"K": key, "V": values[key]} for key in keys]


@scalar("MAP_KEYS", "(map MAP<K, V>) -> ARRAY<K>")
def map_keys(values: dict[Any, Any]) -> list[Any]:
    """Returns the keys of a map."""
    return list(values)


@scalar("MAP_VALUES", "(map MAP<K, V>) -> ARRAY<V>")
def map_values(values: dict[Any, Any]) -> list[Any]:
    """Returns the values of a map."""
    return list(values.values())


@scalar("MAP_UNION", "(map1 MAP<K, V>, map2 MAP<K, V>) -> MAP<K, V>", null_in_null_out=False)
def map_union(left: dict[Any, Any] | None, right: dict[Any, Any] | None) -> dict[Any, Any] | None:
    """Returns the entries of both maps; the second wins."""
    return None if left is None and right is None else {**(left or {}), **(right or {})}


@scalar("AS_MAP", "(keys ARRAY<STRING>, values ARRAY<V>) -> MAP<STRING, V>")
def as_map(keys: list[str], values: list[Any]) -> dict[str, Any]:
    """Makes a map of keys and values."""
    return dict(zip(keys, values, strict=False))

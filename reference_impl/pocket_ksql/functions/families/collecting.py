"""Aggregates that keep values: lists, sets, the first, the last and the largest ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pocket_ksql import types
from pocket_ksql.errors import KsqlStatementError
from pocket_ksql.functions.aggregator import Constants, Stateful, Types
from pocket_ksql.functions.registry import aggregate
from pocket_ksql.hashing import hashable
from pocket_ksql.ordering import order
from pocket_ksql.types import SqlType

CATEGORY = "AGGREGATE"


@aggregate("COLLECT_LIST", "(val T) -> ARRAY<T>",
           description="Gather all of the values from an input grouping into a single Array.")  # fmt: skip
class CollectList(Stateful):
    limit: int | None = None
    """How many values are kept at most, where a property says so."""

    def initial(self) -> list[Any]:
        return []

    def configure(self, properties: Mapping[str, Any]) -> None:
        self.limit = _limit(properties, "collect_list")

    def add(self, state: list[Any], value: Any) -> list[Any]:
        return state if self.limit is not None and len(state) >= self.limit else [*state, value]

    def undo(self, state: list[Any], value: Any) -> list[Any]:
        if value not in state:
            return state
        at = len(state) - 1 - state[::-1].index(value)
        return state[:at] + state[at + 1 :]

    def merge(self, left: list[Any], right: list[Any]) -> list[Any]:
        return (left + right)[: self.limit]


def _limit(properties: Mapping[str, Any], function: str) -> int | None:
    limit = properties.get(f"ksql.functions.{function}.limit")
    return None if limit is None else int(limit)


@aggregate("COLLECT_SET", "(val T) -> ARRAY<T>",
           description="Gather all of the distinct values from an input grouping into a single Array.")  # fmt: skip
class CollectSet(Stateful):
    limit: int | None = None

    def initial(self) -> list[Any]:
        return []

    def configure(self, properties: Mapping[str, Any]) -> None:
        self.limit = _limit(properties, "collect_set")

    def add(self, state: list[Any], value: Any) -> list[Any]:
        full = self.limit is not None and len(state) >= self.limit
        return state if full or value in state else [*state, value]

    def merge(self, left: list[Any], right: list[Any]) -> list[Any]:
        return (left + [value for value in right if value not in left])[: self.limit]


@aggregate("COUNT_DISTINCT", "(val T) -> BIGINT",
           description="Returns the number of distinct values in the input grouping.")  # fmt: skip
class CountDistinct(CollectSet):
    def configure(self, properties: Mapping[str, Any]) -> None:
        """No limit: values are counted, not handed out."""

    def add(self, state: list[Any], value: Any) -> list[Any]:
        return state if value is None or value in state else [*state, value]

    def result(self, state: list[Any]) -> int:
        return len(state)

    def stored(self) -> SqlType:
        return types.Array(self.given[0] or types.STRING)


@aggregate("HISTOGRAM", "(val STRING) -> MAP<STRING, BIGINT>",
           description="Returns a map of each distinct String from the input Stream or Table and how many times each "
                       "occurs.")  # fmt: skip
class Histogram(Stateful):
    most = 1000
    """How many distinct values are counted; further ones are left out."""

    def initial(self) -> dict[str, int]:
        return {}

    def add(self, state: dict[str, int], value: Any) -> dict[str, int]:
        if value not in state and len(state) >= self.most:
            return state
        return {**state, value: state.get(value, 0) + 1}

    def undo(self, state: dict[str, int], value: Any) -> dict[str, int]:
        left = {**state, value: state.get(value, 0) - 1}
        return {key: count for key, count in left.items() if count > 0}

    def merge(self, left: dict[str, int], right: dict[str, int]) -> dict[str, int]:
        keys = [*left, *(key for key in right if key not in left)][: self.most]
        return {key: left.get(key, 0) + right.get(key, 0) for key in keys}


class _ByOffset(Stateful):
    """One value, or the first or last ``n`` of them, with or without NULLs."""

    latest = True

    def __init__(self, given: Types, constants: Constants) -> None:
        super().__init__(given, constants)
        numbers = [one for one in constants[1:] if isinstance(one, int) and not isinstance(one, bool)]
        flags = [one for one in constants[1:] if isinstance(one, bool)]
        self.count = numbers[0] if numbers else None
        self.ignore_nulls = flags[0] if flags else True
        if self.count is not None and self.count < 1:
            raise KsqlStatementError(f"{'latest' if self.latest else 'earliest'}N must be 1 or greater")

    def initial(self) -> list[Any]:
        return []

    def add(self, state: list[Any], value: Any, *_: Any) -> list[Any]:
        if value is None and self.ignore_nulls:
            return state
        most = self.count or 1
        if self.latest:
            return [*state, value][-most:]
        return state if len(state) >= most else [*state, value]

    def merge(self, left: list[Any], right: list[Any]) -> list[Any]:
        most = self.count or 1
        both = left + right
        return both[-most:] if self.latest else both[:most]

    def result(self, state: list[Any]) -> Any:
        if self.count is not None:
            return list(state)
        return state[0] if state else None

    def stored(self) -> SqlType:
        one = types.Struct((("SEQ", types.BIGINT), ("VAL", self.given[0] or types.STRING)))
        return one if self.count is None else types.Array(one)


_OFFSET_ONE = ("(val T) -> T", "(val T, ignoreNulls BOOLEAN) -> T")
_OFFSET_MANY = ("(val T, n INT) -> ARRAY<T>", "(val T, n INT, ignoreNulls BOOLEAN) -> ARRAY<T>")


@aggregate("LATEST_BY_OFFSET", *_OFFSET_ONE, *_OFFSET_MANY,
           description="This function returns the most recent value for the column, computed by offset.")  # fmt: skip
class LatestByOffset(_ByOffset):
    latest = True


@aggregate("EARLIEST_BY_OFFSET", *_OFFSET_ONE, *_OFFSET_MANY,
           description="This function returns the oldest value for the column, computed by offset.")  # fmt: skip
class EarliestByOffset(_ByOffset):
    latest = False


@aggregate("ATTR", "(val T) -> T",
           description="Returns the value if all values in the group are the same, else NULL.")  # fmt: skip
class Attr(Stateful):
    def initial(self) -> list[Any]:
        return []

    def add(self, state: list[Any], value: Any) -> list[Any]:
        for at, (known, count) in enumerate(state):
            if known == value:
                return [*state[:at], (known, count + 1), *state[at + 1 :]]
        return [*state, (value, 1)]

    def undo(self, state: list[Any], value: Any) -> list[Any]:
        changed = [(known, count - 1 if known == value else count) for known, count in state]
        return [(known, count) for known, count in changed if count > 0]

    def merge(self, left: list[Any], right: list[Any]) -> list[Any]:
        for value, count in right:
            for _ in range(count):
                left = self.add(left, value)
        return left

    def result(self, state: list[Any]) -> Any:
        return state[0][0] if len(state) == 1 else None


def _top_type(given: Types) -> SqlType:
    """ARRAY of the values, or of structs when further columns are asked for."""
    value = given[0] or types.STRING
    extra = given[1:-1]
    if not extra:
        return types.Array(value)
    fields = [("sort_col", value), *((f"col{index}", of or types.STRING) for index, of in enumerate(extra))]
    return types.Array(types.Struct(tuple(fields)))


@aggregate("TOPK", "(sort_col T, others ANY..., k INT) -> ARRAY<T>", returns=_top_type,
           description="Returns the top k values for a column, sorted descending.")  # fmt: skip
class TopK(Stateful):
    def __init__(self, given: Types, constants: Constants) -> None:
        super().__init__(given, constants)
        if given[0] is not None and given[0].base() in ("ARRAY", "MAP", "STRUCT"):
            raise KsqlStatementError(f"Values of type {given[0]} have no order: there is no largest one.")
        self.k = constants[-1]

    def initial(self) -> list[Any]:
        return []

    def add(self, state: list[Any], value: Any, *others: Any) -> list[Any]:
        if value is None:
            return state
        extra = others[:-1]
        item: Any = {"sort_col": value, **{f"col{index}": one for index, one in enumerate(extra)}} if extra else value
        return self._top([*state, item])

    def _sort_value(self, item: Any) -> Any:
        return order(item["sort_col"] if isinstance(item, dict) else item)

    def _top(self, items: list[Any]) -> list[Any]:
        return sorted(items, key=self._sort_value, reverse=True)[: self.k]

    def merge(self, left: list[Any], right: list[Any]) -> list[Any]:
        return self._top(left + right)


@aggregate("TOPKDISTINCT", "(val T, k INT) -> ARRAY<T>",
           description="Returns the top k distinct values for a column, sorted descending.")  # fmt: skip
class TopKDistinct(TopK):
    def _top(self, items: list[Any]) -> list[Any]:
        return super()._top(list({hashable(item): item for item in items}.values()))

"""Aggregate functions: each is an ``Aggregator`` made from the types of its arguments and its constant arguments.

Those that have ``undo`` also work on tables, where a row that changes is taken out first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from pocket_ksql import types
from pocket_ksql.functions.registry import aggregate
from pocket_ksql.hashing import hashable
from pocket_ksql.types import SqlType

Types = Sequence[SqlType | None]
Constants = Sequence[Any]


@runtime_checkable
class Configurable(Protocol):
    """An aggregate that takes properties of the query."""

    def configure(self, properties: Mapping[str, Any]) -> None: ...


class _Stateful:
    """What most aggregates share: NULL at first, the state is the result."""

    def __init__(self, given: Types, constants: Constants) -> None:
        self.given = given
        self.constants = constants

    def initial(self) -> Any:
        return None

    def configure(self, properties: Mapping[str, Any]) -> None:
        """Take the properties that concern this function, before the first value."""

    def result(self, state: Any) -> Any:
        return state

    def stored(self) -> SqlType | None:
        """Type of the state where ksqlDB keeps it, which the value's format must be able to hold."""
        return self.given[-1]


@aggregate("COUNT", "() -> BIGINT", "(val1 T) -> BIGINT", description="Counts records by key.")
class Count(_Stateful):
    def initial(self) -> int:
        return 0

    def add(self, state: int, *values: Any) -> int:
        return state if values and values[0] is None else state + 1

    def undo(self, state: int, *values: Any) -> int:
        return state if values and values[0] is None else state - 1

    def merge(self, left: int, right: int) -> int:
        return left + right


@aggregate("SUM", "(val INT) -> INT", "(val BIGINT) -> BIGINT", "(val DOUBLE) -> DOUBLE",
           description="Computes the sum for a key.")  # fmt: skip
class Sum(_Stateful):
    def initial(self) -> Any:
        return 0.0 if self.given[-1] == types.DOUBLE else 0

    def add(self, state: Any, value: Any) -> Any:
        return state if value is None else state + value

    def undo(self, state: Any, value: Any) -> Any:
        return state if value is None else state - value

    def merge(self, left: Any, right: Any) -> Any:
        return left + right


@aggregate("SUM", "(val DECIMAL) -> DECIMAL", returns=lambda given: given[0] or types.Decimal(38, 0),
           description="Computes the sum for a key.")  # fmt: skip
class SumDecimal(Sum):
    def initial(self) -> Any:
        of = self.given[-1]
        assert isinstance(of, types.Decimal)
        from decimal import Decimal

        return Decimal(0).scaleb(-of.scale)


@aggregate("AVG", "(val INT) -> DOUBLE", "(val BIGINT) -> DOUBLE", "(val DOUBLE) -> DOUBLE",
           description="Computes the average for a key.")  # fmt: skip
class Average(_Stateful):
    def initial(self) -> Any:
        return (0, 0)

    def add(self, state: Any, value: Any) -> Any:
        return state if value is None else (state[0] + value, state[1] + 1)

    def undo(self, state: Any, value: Any) -> Any:
        return state if value is None else (state[0] - value, state[1] - 1)

    def merge(self, left: Any, right: Any) -> Any:
        return (left[0] + right[0], left[1] + right[1])

    def result(self, state: Any) -> float:
        return float(state[0]) / state[1] if state[1] else 0.0

    def stored(self) -> SqlType:
        return types.Struct((("SUM", self.given[0] or types.DOUBLE), ("COUNT", types.BIGINT)))


_ORDERED = ("(val INT) -> INT", "(val BIGINT) -> BIGINT", "(val DOUBLE) -> DOUBLE", "(val DATE) -> DATE",
            "(val TIME) -> TIME", "(val TIMESTAMP) -> TIMESTAMP", "(val STRING) -> STRING",
            "(val BYTES) -> BYTES")  # fmt: skip


class _Extreme(_Stateful):
    choose: Any = None

    def add(self, state: Any, value: Any) -> Any:
        if value is None or state is None:
            return state if value is None else value
        return self.choose(state, value)

    merge = add


class _Largest(_Extreme):
    choose = staticmethod(max)


class _Smallest(_Extreme):
    choose = staticmethod(min)


_SAME_DECIMAL = "(val DECIMAL) -> DECIMAL"
_MAX, _MIN = "Computes the maximum value for a key.", "Computes the minimum value for a key."


@aggregate("MAX", *_ORDERED, description=_MAX)
class Max(_Largest):
    pass


@aggregate("MAX", _SAME_DECIMAL, returns=lambda given: given[0] or types.Decimal(38, 0), description=_MAX)
class MaxDecimal(_Largest):
    pass


@aggregate("MIN", *_ORDERED, description=_MIN)
class Min(_Smallest):
    pass


@aggregate("MIN", _SAME_DECIMAL, returns=lambda given: given[0] or types.Decimal(38, 0), description=_MIN)
class MinDecimal(_Smallest):
    pass


@aggregate("COLLECT_LIST", "(val T) -> ARRAY<T>",
           description="Gather all of the values from an input grouping into a single Array.")  # fmt: skip
class CollectList(_Stateful):
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
class CollectSet(_Stateful):
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
class Histogram(_Stateful):
    def initial(self) -> dict[str, int]:
        return {}

    def add(self, state: dict[str, int], value: Any) -> dict[str, int]:
        return {**state, value: state.get(value, 0) + 1}

    def undo(self, state: dict[str, int], value: Any) -> dict[str, int]:
        left = {**state, value: state.get(value, 0) - 1}
        return {key: count for key, count in left.items() if count > 0}

    def merge(self, left: dict[str, int], right: dict[str, int]) -> dict[str, int]:
        return {
            key: left.get(key, 0) + right.get(key, 0) for key in [*left, *(one for one in right if one not in left)]
        }


class _ByOffset(_Stateful):
    """One value, or the first or last ``n`` of them, with or without NULLs."""

    latest = True

    def __init__(self, given: Types, constants: Constants) -> None:
        super().__init__(given, constants)
        numbers = [one for one in constants[1:] if isinstance(one, int) and not isinstance(one, bool)]
        flags = [one for one in constants[1:] if isinstance(one, bool)]
        self.count = numbers[0] if numbers else None
        self.ignore_nulls = flags[0] if flags else True

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
class Attr(_Stateful):
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


# --- the largest k ---------------------------------------------------------------------------------------------


def _top_type(given: Types) -> SqlType:
    """ARRAY of the values, or of structs when further columns are asked for."""
    value = given[0] or types.STRING
    extra = given[1:-1]
    if not extra:
        return types.Array(value)
    fields = [("sort_col", value), *((f"col{index}", of or types.STRING) for index, of in enumerate(extra))]
    return types.Array(types.Struct(tuple(fields)))


@aggregate("TOPK", "(sort_col T, others U..., k INT) -> ARRAY<T>", returns=_top_type,
           description="Returns the top k values for a column, sorted descending.")  # fmt: skip
class TopK(_Stateful):
    def __init__(self, given: Types, constants: Constants) -> None:
        super().__init__(given, constants)
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
        return item["sort_col"] if isinstance(item, dict) else item

    def _top(self, items: list[Any]) -> list[Any]:
        return sorted(items, key=self._sort_value, reverse=True)[: self.k]

    def merge(self, left: list[Any], right: list[Any]) -> list[Any]:
        return self._top(left + right)


@aggregate("TOPKDISTINCT", "(val T, k INT) -> ARRAY<T>",
           description="Returns the top k distinct values for a column, sorted descending.")  # fmt: skip
class TopKDistinct(TopK):
    def _top(self, items: list[Any]) -> list[Any]:
        return super()._top(list({hashable(item): item for item in items}.values()))


# --- statistics ------------------------------------------------------------------------------------------------


class _Variance(_Stateful):
    """Count, mean and sum of squared differences, updated row by row (Welford 1962)."""

    def initial(self) -> Any:
        return (0, 0.0, 0.0)

    def add(self, state: Any, value: Any) -> Any:
        if value is None:
            return state
        count, mean, squares = state
        value = float(value)
        change = value - mean
        mean += change / (count + 1)
        return (count + 1, mean, squares + change * (value - mean))

    def undo(self, state: Any, value: Any) -> Any:
        if value is None:
            return state
        count, mean, squares = state
        value = float(value)
        if count <= 1:
            return self.initial()
        before = (mean * count - value) / (count - 1)
        return (count - 1, before, squares - (value - before) * (value - mean))

    def merge(self, left: Any, right: Any) -> Any:
        count = left[0] + right[0]
        if not count:
            return left
        change = right[1] - left[1]
        mean = left[1] + change * right[0] / count
        return (count, mean, left[2] + right[2] + change * change * left[0] * right[0] / count)

    def stored(self) -> SqlType:
        return types.Struct((("SUM", self.given[0] or types.DOUBLE), ("COUNT", types.BIGINT), ("M2", types.DOUBLE)))


_NUMBERS = ("(val INT) -> DOUBLE", "(val BIGINT) -> DOUBLE", "(val DOUBLE) -> DOUBLE")


@aggregate("STDDEV_SAMPLE", *_NUMBERS,
           description="Returns the sample standard deviation for the column.")  # fmt: skip
class StandardDeviation(_Variance):
    def result(self, state: Any) -> float:
        return math.sqrt(max(state[2], 0.0) / (state[0] - 1)) if state[0] > 1 else 0.0


@aggregate("STDDEV_SAMP", *_NUMBERS,
           description="Returns the sample variance: what ksqlDB computes under this name.")  # fmt: skip
class SampleVariance(_Variance):
    def result(self, state: Any) -> float:
        return state[2] / (state[0] - 1) if state[0] > 1 else 0.0


@aggregate("CORRELATION", "(x DOUBLE, y DOUBLE) -> DOUBLE",
           description="Returns Pearson's correlation coefficient of two columns.")  # fmt: skip
class Correlation(_Stateful):
    """State: count and the sums of x, y, x², y², xy."""

    def initial(self) -> Any:
        return (0, 0.0, 0.0, 0.0, 0.0, 0.0)

    def _step(self, state: Any, x: Any, y: Any, sign: int) -> Any:
        if x is None or y is None:
            return state
        step = (1, x, y, x * x, y * y, x * y)
        return tuple(old + sign * new for old, new in zip(state, step, strict=True))

    def add(self, state: Any, x: Any, y: Any) -> Any:
        return self._step(state, x, y, 1)

    def undo(self, state: Any, x: Any, y: Any) -> Any:
        return self._step(state, x, y, -1)

    def merge(self, left: Any, right: Any) -> Any:
        return tuple(one + other for one, other in zip(left, right, strict=True))

    def result(self, state: Any) -> float:
        count, x, y, xx, yy, xy = state
        spread = math.sqrt(max(count * xx - x * x, 0.0)) * math.sqrt(max(count * yy - y * y, 0.0))
        return (count * xy - x * y) / spread if spread else math.nan

    def stored(self) -> SqlType:
        return types.Struct((("COUNT", types.BIGINT), *((name, types.DOUBLE) for name in ("X", "Y", "XX", "YY", "XY"))))

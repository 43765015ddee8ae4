"""Counts, sums, averages and extremes.

Each aggregate is made from the types of its arguments and its constant arguments.
Those that have ``undo`` also work on tables, where a row that changes is taken out first.
"""

from __future__ import annotations

import operator
from decimal import Decimal
from typing import Any

from pocket_ksql import types
from pocket_ksql.decimals import EXACT
from pocket_ksql.functions.aggregator import Stateful
from pocket_ksql.functions.registry import aggregate
from pocket_ksql.integers import wrapper
from pocket_ksql.ordering import is_nan, order
from pocket_ksql.types import SqlType

CATEGORY = "AGGREGATE"


@aggregate("COUNT", "() -> BIGINT", "(val1 T) -> BIGINT", description="Counts records by key.")
class Count(Stateful):
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
class Sum(Stateful):
    plus: Any = staticmethod(operator.add)
    minus: Any = staticmethod(operator.sub)

    def initial(self) -> Any:
        return 0.0 if self.given[-1] == types.DOUBLE else 0

    def add(self, state: Any, value: Any) -> Any:
        return state if value is None else self.plus(state, value)

    def undo(self, state: Any, value: Any) -> Any:
        return state if value is None else self.minus(state, value)

    def merge(self, left: Any, right: Any) -> Any:
        return self.plus(left, right)

    def result(self, state: Any) -> Any:
        of = self.given[-1]
        return wrapper(of)(state) if of in (types.INTEGER, types.BIGINT) else state


@aggregate("SUM", "(val DECIMAL) -> DECIMAL", returns=lambda given: given[0] or types.Decimal(38, 0),
           description="Computes the sum for a key.")  # fmt: skip
class SumDecimal(Sum):
    plus = staticmethod(EXACT.add)
    minus = staticmethod(EXACT.subtract)

    def initial(self) -> Any:
        of = self.given[-1]
        assert isinstance(of, types.Decimal)
        return Decimal(0).scaleb(-of.scale)


@aggregate("SUM_LIST", "(list ARRAY<INT>) -> INT", "(list ARRAY<BIGINT>) -> BIGINT",
           "(list ARRAY<DOUBLE>) -> DOUBLE",
           description="Computes the sum of the items of all lists for a key.")  # fmt: skip
class SumList(Sum):
    def add(self, state: Any, value: Any) -> Any:
        return state + self._total(value)

    def undo(self, state: Any, value: Any) -> Any:
        return state - self._total(value)

    def _total(self, values: Any) -> Any:
        return sum(one for one in values or () if one is not None)


@aggregate("AVG", "(val INT) -> DOUBLE", "(val BIGINT) -> DOUBLE", "(val DOUBLE) -> DOUBLE",
           description="Computes the average for a key.")  # fmt: skip
class Average(Stateful):
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


class _Extreme(Stateful):
    choose: Any = None

    def add(self, state: Any, value: Any) -> Any:
        if value is None or state is None:
            return state if value is None else value
        if isinstance(value, str) or is_nan(value) or is_nan(state):
            return self.choose(state, value, key=order)
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

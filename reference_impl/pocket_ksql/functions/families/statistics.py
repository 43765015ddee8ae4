"""Aggregates of statistics: variance, standard deviation, correlation."""

from __future__ import annotations

import math
from typing import Any

from pocket_ksql import types
from pocket_ksql.functions.aggregator import Stateful
from pocket_ksql.functions.registry import aggregate
from pocket_ksql.types import SqlType

CATEGORY = "AGGREGATE"


class _Variance(Stateful):
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
class Correlation(Stateful):
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

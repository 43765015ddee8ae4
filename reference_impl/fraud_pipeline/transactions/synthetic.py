"""Payments made up by the million, like the real ones where it matters; the same seed gives the same rows.

Each payment is a draw from one of two populations, normal and fraud, whose columns have the quantiles and the
correlations measured on real payments (module ``measured``). A Student t copula joins them: as in the real data, a
payment that is extreme in one column tends to be so in others. Payments follow the hours of the day, and card
holders have habits: their own level of spending and their own time of the day. A thief knows neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import numpy as np
import pyarrow as pa
from scipy import special

from fraud_pipeline.transactions import measured, users
from fraud_pipeline.transactions.delimited import to_lines
from fraud_pipeline.transactions.schema import FEATURES, SCHEMA, START
from fraud_pipeline.transactions.source import Block

ROWS = 284_807
"""Payments in the full ULB data set: two days."""
FRAUD_SHARE = 0.00173
"""Frauds among them."""

_DAYS, _DAY = 2, 24
_BLOCK = 4096
_DECIMALS = 12  # as in the real file, so that records are as long as real ones
_DEGREES_OF_FREEDOM = 7
"""Of the t copula. Fewer: more payments that are extreme in many columns at once."""
_HIDDEN = 0.06
"""Share of the frauds that look like any payment. Without them
detectors would do better than on real data."""
_HABIT = 0.6
"""Correlation of a payment's amount with its user's level of spending."""
_HOURS_AROUND = 3.0
"""Standard deviation of the hours around a user's favourite one."""


@dataclass(frozen=True)
class SyntheticSource:
    """An endless supply: as many payments as are asked for, spread over the two days."""

    seed: int = 0
    fraud_share: float = FRAUD_SHARE
    name: str = "synthetic"

    def blocks(self, rows: int | None = None) -> Iterator[Block]:
        """Yield ``rows`` payments (default: as many as the ULB data set has) in the order of time."""
        total = ROWS if rows is None else rows
        for first in range(0, total, _BLOCK):
            rng = np.random.default_rng([self.seed, first])
            payments = self._draw(rng, first, min(_BLOCK, total - first), total)
            yield Block(payments, to_lines(payments))

    def _draw(self, rng: np.random.Generator, first: int, count: int, total: int) -> pa.RecordBatch:
        normal, fraud = populations()
        numbers = np.arange(first, first + count)
        seconds = normal.seconds((numbers + rng.random(count)) / total)
        hour = seconds // 3600 % _DAY
        is_fraud = rng.random(count) < self.fraud_share * fraud.hours[hour] / normal.hours[hour]
        who = users_at(hour, rng)
        who[is_fraud] = rng.integers(users.COUNT, size=is_fraud.sum())
        values = normal.draw(rng, count, spending_levels()[who])
        in_plain_view = np.flatnonzero(is_fraud & (rng.random(count) >= _HIDDEN))
        values[in_plain_view] = fraud.draw(rng, len(in_plain_view))
        instants = np.datetime64(START.replace(tzinfo=None), "ms") + seconds.astype("timedelta64[s]")
        columns = {
            "Id": pa.array(numbers + 1),
            "Timestamp": pa.array(instants, pa.timestamp("ms", "UTC")),
            "User": users.NAMES.take(pa.array(who)),
            "Time": pa.array(seconds, pa.int32()),
            **{name: pa.array(values[:, index].round(_DECIMALS)) for index, name in enumerate(FEATURES)},
            "Amount": pa.array(values[:, -1].round(2)),
            "Class": pa.array(is_fraud.astype(np.int8)),
        }
        return pa.record_batch([columns[name] for name in SCHEMA.names], schema=SCHEMA)


class Population:
    """Payments of one class: columns of given quantiles, joined by a t copula with a few common factors."""

    def __init__(self, quantiles: object, loadings: object, hours: object) -> None:
        self._quantiles = np.asarray(quantiles)
        self._loadings = np.asarray(loadings)
        self._noise = np.sqrt(1 - (self._loadings**2).sum(axis=1))
        self._scores = special.stdtrit(_DEGREES_OF_FREEDOM, measured.PROBABILITIES)
        self.hours = np.asarray(hours)
        """Share of the payments in each hour of the day."""

    def draw(self, rng: np.random.Generator, count: int, levels: np.ndarray | None = None) -> np.ndarray:
        """V1 to V28 and Amount of ``count`` payments: shape (count, 29).

        ``levels`` (shape (count,), standard normal over the users) are the users' levels of spending.
        """
        columns, factors = self._loadings.shape
        scores = rng.standard_normal((count, factors)) @ self._loadings.T
        scores += rng.standard_normal((count, columns)) * self._noise
        if levels is not None:
            scores[:, -1] = _HABIT * levels + np.sqrt(1 - _HABIT**2) * scores[:, -1]
        scores /= np.sqrt(rng.chisquare(_DEGREES_OF_FREEDOM, (count, 1)) / _DEGREES_OF_FREEDOM)
        return np.column_stack(
            [np.interp(scores[:, column], self._scores, self._quantiles[column]) for column in range(columns)]
        )

    def seconds(self, shares: np.ndarray) -> np.ndarray:
        """When that share (0 to 1) of all payments has been made, in seconds since the start."""
        passed = np.concatenate([[0.0], np.cumsum(np.tile(self.hours, _DAYS))])
        moments = np.arange(_DAYS * _DAY + 1) * timedelta(hours=1).total_seconds()
        return np.interp(shares * passed[-1], passed, moments, right=moments[-1] - 1).astype(np.int64)


@cache
def populations() -> tuple[Population, Population]:
    """Normal payments and frauds, as measured."""
    return (
        Population(measured.NORMAL_QUANTILES, measured.NORMAL_LOADINGS, measured.NORMAL_HOURS),
        Population(measured.FRAUD_QUANTILES, measured.FRAUD_LOADINGS, measured.FRAUD_HOURS),
    )


@cache
def spending_levels() -> np.ndarray:
    """Each user's level of spending, evenly over a standard normal distribution: shape (users,)."""
    order = np.random.default_rng(0).permutation(users.COUNT)
    return special.ndtri((order + 0.5) / users.COUNT)


def users_at(hour: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Who pays at each ``hour``: user ``u`` likes hour ``u mod 24`` best, and low numbers pay more often."""
    favourite = (hour + np.rint(rng.normal(0, _HOURS_AROUND, len(hour))).astype(np.int64)) % _DAY
    alike = (users.COUNT - 1 - favourite) // _DAY + 1
    return favourite + _DAY * (alike * rng.random(len(hour)) ** 2).astype(np.int64)

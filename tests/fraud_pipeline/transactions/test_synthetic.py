"""Synthetic payments: repeatable, of any number, and like the real ones in what the workshop shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fraud_pipeline.transactions import FEATURES, SCHEMA, FileSource, Source, SyntheticSource
from fraud_pipeline.transactions.delimited import parse_line


def frame(source: Source, rows: int | None = None) -> pd.DataFrame:
    return pd.concat([block.payments.to_pandas() for block in source.blocks(rows)], ignore_index=True)


@pytest.fixture(scope="module")
def payments() -> pd.DataFrame:
    return frame(SyntheticSource(seed=1), 60_000)


@pytest.fixture(scope="module")
def frauds() -> pd.DataFrame:
    many = frame(SyntheticSource(seed=2, fraud_share=0.1), 20_000)
    return many[many["Class"] == 1]


@pytest.fixture(scope="module")
def real(shared: Path) -> pd.DataFrame:
    return frame(FileSource(shared / "data" / "creditcard_real.csv.gz"))


def test_same_seed_gives_the_same_rows_and_another_gives_others() -> None:
    once, again, other = (
        [value for block in SyntheticSource(seed).blocks(6_000) for value in block.values] for seed in (5, 5, 6)
    )
    assert once == again
    assert once != other


def test_any_number_of_rows_in_the_order_of_time() -> None:
    for rows in (0, 1, 4096, 5000):
        blocks = list(SyntheticSource().blocks(rows))
        assert sum(block.rows for block in blocks) == rows
        assert all(block.payments.schema == SCHEMA for block in blocks)
    assert [value for block in blocks for value in block.payments.column("Id").to_pylist()] == list(range(1, 5001))


def test_values_are_the_payments() -> None:
    block = next(SyntheticSource().blocks(100))
    assert [parse_line(value) for value in block.values] == block.payments.to_pylist()


def test_two_days_with_a_night_each(payments: pd.DataFrame) -> None:
    assert payments["Time"].is_monotonic_increasing
    assert payments["Time"].between(0, 2 * 86_400 - 1).all()
    hours = (payments["Time"] // 3600 % 24).value_counts()
    assert hours[3] * 3 < hours[15]


def test_frauds_are_rare(payments: pd.DataFrame) -> None:
    assert 0.0010 < payments["Class"].mean() < 0.0025


def test_users_have_their_own_level_of_spending_and_hours(payments: pd.DataFrame) -> None:
    normal = payments[payments["Class"] == 0]
    spent = np.log(normal["Amount"] + 1).groupby(normal["User"])
    assert spent.mean().std() > 0.4 * np.log(normal["Amount"] + 1).std()
    angle = normal["Time"] % 86_400 / 86_400 * 2j * np.pi
    concentration = np.exp(angle).groupby(normal["User"]).mean().abs()
    assert concentration.median() > abs(np.exp(angle).mean()) + 0.1


def test_normal_payments_have_the_spread_and_tails_of_real_ones(payments: pd.DataFrame, real: pd.DataFrame) -> None:
    made, measured = (data[data["Class"] == 0][list(FEATURES)] for data in (payments, real))
    assert np.allclose(made.std(), measured.std(), rtol=0.2)
    shares = [0.01, 0.25, 0.5, 0.75, 0.99]
    apart = (made.quantile(shares) - measured.quantile(shares)) / measured.std()
    assert apart.abs().to_numpy().max() < 0.75
    assert apart.loc[[0.25, 0.5, 0.75]].abs().to_numpy().max() < 0.1
    assert (made.kurt() > 3).sum() >= 10


def test_frauds_differ_where_real_ones_do(payments: pd.DataFrame, frauds: pd.DataFrame, real: pd.DataFrame) -> None:
    columns = list(FEATURES)
    normal = payments[payments["Class"] == 0][columns]
    shift = (frauds[columns].mean() - normal.mean()) / normal.std()
    of_class = real.groupby("Class")[columns]
    real_shift = (of_class.mean().loc[1] - of_class.mean().loc[0]) / of_class.std().loc[0]
    assert set(shift.abs().nlargest(5).index) == set(real_shift.abs().nlargest(5).index)
    assert np.corrcoef(shift, real_shift)[0, 1] > 0.98


def test_frauds_are_correlated_as_real_ones(frauds: pd.DataFrame, real: pd.DataFrame) -> None:
    columns = ["V3", "V7", "V10", "V12", "V14", "V16", "V17", "V18"]
    made = frauds[columns].corr("spearman").to_numpy()
    measured = real[real["Class"] == 1][columns].corr("spearman").to_numpy()
    assert np.abs(made - measured).mean() < 0.15

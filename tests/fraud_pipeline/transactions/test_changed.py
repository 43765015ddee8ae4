from __future__ import annotations

import numpy as np
import pandas as pd

from fraud_pipeline.transactions import ChangedSource, SyntheticSource
from fraud_pipeline.transactions.changed import BETRAYING, PHONE, PHONE_SHARE
from fraud_pipeline.transactions.delimited import parse_line
from fraud_pipeline.transactions.schema import SCHEMA

ROWS, SHARE = 8_000, 0.05


def frame(source: ChangedSource | SyntheticSource) -> pd.DataFrame:
    return pd.concat([block.payments.to_pandas() for block in source.blocks(ROWS)], ignore_index=True)


def test_the_same_seed_gives_the_same_payments_and_another_seed_others() -> None:
    first, again, other = (frame(ChangedSource(seed, SHARE)) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first["V1"].equals(other["V1"])


def test_people_times_amounts_and_labels_are_those_of_the_year_before() -> None:
    before, now = frame(SyntheticSource(3, SHARE)), frame(ChangedSource(3, SHARE))
    kept = ["Id", "Timestamp", "User", "Time", "Amount", "Class"]
    pd.testing.assert_frame_equal(before[kept], now[kept])


def test_lines_and_payments_agree() -> None:
    block = next(ChangedSource(4).blocks(50))
    assert block.payments.schema == SCHEMA
    parsed = [parse_line(line) for line in block.values]
    assert [row["V13"] for row in parsed] == block.payments.column("V13").to_pylist()


def test_a_share_of_the_normal_payments_has_moved() -> None:
    before, now = frame(SyntheticSource(5, SHARE)), frame(ChangedSource(5, SHARE))
    normal = now["Class"] == 0
    for name, most in PHONE.items():
        moved = (now[name] - before[name])[normal]
        assert abs((moved.abs() > 0).mean() - PHONE_SHARE) < 0.03
        assert abs(moved[moved != 0].mean() / most - 1) < 0.05


def test_frauds_stand_out_elsewhere_than_before() -> None:
    before, now = frame(SyntheticSource(6, SHARE)), frame(ChangedSource(6, SHARE))

    def distance(payments: pd.DataFrame, name: str) -> float:
        normal, fraud = (payments.loc[payments["Class"] == label, name] for label in (0, 1))
        return float(abs(np.median(fraud) - np.median(normal)) / normal.std())

    assert min(distance(before, name) for name in ("V10", "V12", "V14")) > 2
    assert max(distance(now, name) for name in ("V10", "V12", "V14")) < 0.5
    assert min(distance(now, name) for name in BETRAYING) > 3

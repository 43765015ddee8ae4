"""A source in two parts: nothing lost, nothing twice, in order."""

from __future__ import annotations

import pytest

from fraud_pipeline.transactions.synthetic import SyntheticSource
from workshop.held_back import History


@pytest.mark.parametrize(
    ("rows", "most", "live"),
    [(0, 100, 0), (5, 100, 0), (100, 1000, 10), (20_000, 500, 500), (20_000, 6_000, 2_000), (4096, 100, 100)],
)
def test_history_and_live_are_the_source_in_order(rows: int, most: int, live: int) -> None:
    source = SyntheticSource()
    history = History(source, most)
    before = [value for block in history.blocks(rows) for value in block.values]
    after = [value for block in history.live.blocks() for value in block.values]
    assert len(after) == live
    assert before + after == [value for block in source.blocks(rows) for value in block.values]


def test_payments_and_their_lines_are_cut_at_the_same_place() -> None:
    history = History(SyntheticSource(), 500)
    list(history.blocks(10_000))
    (block,) = history.live.blocks()
    assert block.payments.column("Id").to_pylist() == [int(value.split(b",")[0]) for value in block.values]

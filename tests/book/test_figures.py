"""The book's figures say in words what they show, and take their colours from the page."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from IPython.display import HTML

from fraud_pipeline.train.evaluation import Curves
from workshop.book.data_figures import hours_of_day, quantiles_alike
from workshop.book.figures import errors_by_class, pair_plot, precision_recall, stacked, training_curves
from workshop.book.stream_figures import sessions_closing, windows_filling

HOUR = 3_600_000
ALT = "what is seen, in <words>"


def errors() -> HTML:
    rng = np.random.default_rng(0)
    return errors_by_class(rng.lognormal(size=200), rng.lognormal(2, size=20), ALT)


def windows() -> HTML:
    starts = [0, 0, HOUR]
    return windows_filling([1, 2 * HOUR // 3, HOUR + 5], starts, np.add(starts, HOUR), [3.0, 4.5, 1.0], "sum", ALT)


def sessions(pause: int = 2 * HOUR) -> HTML:
    """Two payments within 20 minutes, and a third after ``pause`` ms."""
    second = HOUR // 3
    third = second + pause
    extends = pause <= HOUR // 2
    return sessions_closing([0, 0, 0 if extends else third], [0, second, third], 30, ALT)


def costs() -> HTML:
    return stacked({"missed": [3.0, 1.0], "review": [1.0, 2.0]}, ["10", "20"], "budget", "€", ALT)


def curves() -> HTML:
    return training_curves([{"loss": [3.0, 2.0, 1.0], "val_loss": [3.0, 1.0, 2.0]}], ALT)


def rankings() -> HTML:
    line = np.linspace(0, 1, 5)
    return precision_recall({"one": Curves(line, line, line, 1 - line), "two": Curves(line, line, line, line)}, ALT)


def quantiles() -> HTML:
    table = np.array([[-40.0, 0.0, 3.0], [-1.0, 0.5, 2.0]])
    return quantiles_alike({"normal": table / 10, "fraud": table}, {"normal": table / 10, "fraud": table + 0.1}, ALT)


def hours() -> HTML:
    shares = np.full(24, 1 / 24)
    return hours_of_day({"normal": shares, "fraud": shares}, {"normal": shares, "fraud": shares}, ALT)


def pairs(columns: str = "ABC", rows: int = 7) -> HTML:
    rng = np.random.default_rng(0)
    return pair_plot({name: {column: rng.normal(size=rows) for column in columns} for name in ("one", "two")}, ALT)


@pytest.mark.parametrize("figure", [errors, windows, sessions, costs, curves, rankings, quantiles, hours, pairs])
def test_a_figure_has_its_alternative_text_and_no_colour_of_its_own(figure: Callable[[], HTML]) -> None:
    drawn = str(figure().data)
    assert 'aria-label="what is seen, in &lt;words&gt;"' in drawn
    assert "var(--series-0)" in drawn
    assert "#0102" not in drawn


def test_a_session_is_closed_by_silence_alone() -> None:
    closed, still_open = str(sessions(2 * HOUR).data), str(sessions(HOUR // 3).data)
    assert closed.count("<use") == still_open.count("<use") + 1  # one marker more: where the silence was long enough


def test_a_pair_plot_has_a_mark_for_each_row_in_each_pair_of_columns() -> None:
    few, more = (str(pairs("ABC", rows).data).count("<use") for rows in (7, 17))
    assert more - few == 10 * 2 * 3, "rows, classes, pairs"

"""The book's plots of payments over time: by hour and class, in windows and sessions, and how far scores drift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter
from numpy.typing import ArrayLike

from fraud_pipeline.monitor import charts
from workshop.book.figures import show

_THOUSANDS = FuncFormatter(lambda value, _: f"{value:,.0f}")
_DASHED = (0, (4, 3))


def payments_by_hour(parts: Mapping[str, ArrayLike], alt: str) -> HTML:
    """Payments in each hour since the start, one colour a part; ``parts`` holds the seconds since the start."""
    seconds = {name: np.asarray(values, dtype=np.float64) for name, values in parts.items()}
    hours = np.arange(np.ceil(max(values.max() for values in seconds.values()) / 3600) + 1)

    def paint(axes: Axes) -> None:
        bottom = np.zeros(len(hours) - 1)
        for colour, (name, values) in zip(charts.SERIES, seconds.items(), strict=False):
            counts, _ = np.histogram(values / 3600, hours)
            axes.bar(hours[:-1], counts, 0.9, bottom, align="edge", color=colour, label=name)
            bottom += counts
        axes.set_xlabel("hours since the first payment")
        axes.set_ylabel("payments in the hour")
        axes.yaxis.set_major_formatter(_THOUSANDS)
        axes.set_xticks(np.arange(0, hours[-1] + 1, 6))
        if len(seconds) > 1:
            axes.set_ylim(0, bottom.max() * 1.25)
            axes.legend(ncols=len(seconds), loc="upper left")

    return show(charts.draw(paint, "hours", 2.6), alt)


def column_by_class(normal: ArrayLike, fraud: ArrayLike, column: str, alt: str) -> HTML:
    """How the values of one column are spread in each class, as shares of the class."""
    both = np.concatenate([np.asarray(normal, dtype=np.float64), np.asarray(fraud, dtype=np.float64)])
    edges = np.linspace(float(np.quantile(both, 0.001)), float(np.quantile(both, 0.999)), 50)

    def paint(axes: Axes) -> None:
        classes = (("normal", normal, charts.OURS), ("fraud", fraud, charts.SECOND))
        for name, values, colour in classes:
            inside = np.clip(np.asarray(values, dtype=np.float64), edges[0], edges[-1])
            weights = np.full(len(inside), 1 / len(inside))
            axes.hist(inside, edges.tolist(), weights=weights, color=colour, alpha=0.6, label=name)
        axes.set_xlabel(f"{column} (no unit)")
        axes.set_ylabel("share of the class")
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.legend()

    return show(charts.draw(paint, "classes", 2.6), alt)


def drift_over_time(hours: Sequence[float], psi: Mapping[str, Sequence[float]], alt: str) -> HTML:
    """The population stability index in one span of time after the other, a line for each stream."""

    def paint(axes: Axes) -> None:
        styles = zip(charts.SERIES, ("solid", "dashed", "dotted"), ("o", "s", "^"), strict=True)
        for (name, values), (colour, line, marker) in zip(psi.items(), styles, strict=False):
            axes.plot(hours, values, color=colour, linestyle=line, marker=marker, markersize=4, label=name)
        axes.axhline(0.25, color=charts.INK, linewidth=1.2, linestyle=_DASHED, label="worth a look (0.25)")
        axes.set_xlabel("hours since the first payment")
        axes.set_ylabel("population stability index")
        axes.set_ylim(bottom=0)
        axes.legend()

    return show(charts.draw(paint, "drift-over-time", 2.8), alt)


def windows_filling(
    times: ArrayLike, starts: ArrayLike, ends: ArrayLike, values: ArrayLike, what: str, alt: str
) -> HTML:
    """An aggregate per window as it grows: ``values`` (n,) after each change, at the event times ``times`` (n,).

    ``starts`` and ``ends`` (n,) are those of the window that changed; all times in ms, in rising order.
    """
    origin = np.asarray(starts)[0]
    at, begin, end = ((np.asarray(moment) - origin) / 60_000 for moment in (times, starts, ends))
    heights = np.asarray(values, dtype=np.float64)

    def paint(axes: Axes) -> None:
        for number, start in enumerate(np.unique(begin)):
            rows = begin == start
            border = end[rows][0]
            x = np.concatenate([[start], at[rows], [border]])
            y = np.concatenate([[0.0], heights[rows], heights[rows][-1:]])
            axes.step(x, y, where="post", color=charts.OURS, linewidth=2)
            axes.fill_between(x, y, step="post", color=charts.OURS, alpha=0.25, label="" if number else "in the window")
            axes.plot(
                at[rows], heights[rows], "o", color=charts.SECOND, markersize=5, label="" if number else "payment"
            )
            axes.axvline(
                border, color=charts.INK, linewidth=1.2, linestyle=_DASHED, label="" if number else "end of a window"
            )
        axes.set_xlabel("event time: minutes since the first window began")
        axes.set_ylabel(what)
        axes.set_xlim(0, end.max())
        axes.set_ylim(0, heights.max() * 1.15)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)

    return show(charts.draw(paint, "windows-filling", 2.8), alt)


def sessions_closing(starts: ArrayLike, ends: ArrayLike, gap: float, alt: str) -> HTML:
    """Sessions as they grow, a line a payment: ``starts`` and ``ends`` (n,) in ms of the session after each payment.

    After each payment the session is open for ``gap`` minutes more; it is closed where none came in that time.
    """
    origin = np.asarray(starts)[0]
    begin, end = ((np.asarray(moment) - origin) / 60_000 for moment in (starts, ends))
    lines = np.arange(1, len(end) + 1)
    closed = np.flatnonzero(begin[1:] > end[:-1] + gap)  # the next payment was the first of another session

    def paint(axes: Axes) -> None:
        axes.barh(lines, gap, 0.7, left=end, color=charts.SECOND, alpha=0.3, label=f"open for {gap:g} minutes more")
        axes.barh(lines, end - begin, 0.7, left=begin, color=charts.OURS, label="session so far")
        axes.plot(end, lines, "o", color=charts.INK, markersize=5, linestyle="none", label="payment")
        axes.plot(end[closed] + gap, lines[closed], "X", color=charts.SECOND, markersize=9, label="closed by silence")
        axes.set_xlabel("event time: minutes since the first payment")
        axes.set_ylabel("after payment number")
        axes.set_yticks(lines)
        axes.invert_yaxis()
        axes.legend(loc="upper right")

    return show(charts.draw(paint, "sessions-closing", 3.2), alt)


def ranges(groups: Mapping[str, Mapping[str, ArrayLike]], alt: str) -> HTML:
    """Where most values of a column lie, a row for each group: its classes by name, ``normal`` before ``fraud``.

    A line goes from the 5th to the 95th percentile, the mark is the median.
    """
    styles = (("normal", charts.OURS, "o", -0.16), ("fraud", charts.SECOND, "s", 0.16))

    def paint(axes: Axes) -> None:
        for name, colour, marker, above in styles:
            spans = [
                np.quantile(np.asarray(group[name], dtype=np.float64), (0.05, 0.5, 0.95)) for group in groups.values()
            ]
            rows = np.arange(len(spans)) + above
            low, middle, high = np.transpose(spans)
            axes.hlines(rows, low, high, color=colour, linewidth=2)
            axes.plot(middle, rows, color=colour, marker=marker, linestyle="none", label=name)
        axes.set_yticks(range(len(groups)), list(groups))
        axes.invert_yaxis()
        axes.set_xlabel("value of the column (no unit)")
        axes.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.4, 1.0))

    return show(charts.draw(paint, "ranges", 3.4), alt)

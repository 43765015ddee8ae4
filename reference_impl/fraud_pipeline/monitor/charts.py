"""Draws the report's charts as SVG that takes its colours from the page: one drawing for light and dark.

Matplotlib writes colours as they are given to it. So each role (ink, grid, the series) has a marker colour
here, which is replaced by a CSS variable after drawing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, PercentFormatter
from numpy.typing import NDArray

from fraud_pipeline.monitor.drift import Drift
from fraud_pipeline.monitor.latency import Latency
from fraud_pipeline.train.evaluation import Curves

Floats = NDArray[np.float64]

INK, FAINT = "#010203", "#040506"
SERIES = ("#010210", "#010211", "#010212", "#010213", "#010214", "#010215", "#010216", "#010217")
_VARIABLES = {INK: "ink", FAINT: "grid"} | {colour: f"series-{n}" for n, colour in enumerate(SERIES)}
DASHES: tuple[tuple[float, ...], ...] = (
    (), (5, 2), (1, 1.5), (6, 2, 1, 2), (8, 2, 2, 2, 2, 2), (1, 3), (9, 3), (3, 1, 1, 1),
)  # fmt: skip

_STYLE: Any = {
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "axes.labelsize": 10.5,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "text.color": INK,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}


OURS, SECOND = SERIES[0], SERIES[1]
_THOUSANDS = FuncFormatter(lambda value, _: f"{value:,.0f}")


def draw(paint: Callable[[Axes], None], prefix: str, height: float = 3.1) -> str:
    """Run ``paint`` on empty axes and give the ``<svg>`` element. ``prefix`` keeps its ids apart from those of
    other charts on the same page; ``height`` is in inches, the width 4.9."""
    with mpl.rc_context(_STYLE | {"svg.hashsalt": prefix}):
        figure = Figure(figsize=(4.9, height), layout="constrained")
        paint(figure.add_subplot())
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<(metadata|style).*?</\1>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    svg = re.sub(r'(url\(#|href="#)', rf"\1{prefix}-", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, f"var(--{variable})")
    return svg


def records(counts: Mapping[str, int]) -> str:
    """A bar for each stage with its number of records."""

    def paint(axes: Axes) -> None:
        bars = axes.barh(list(counts), list(counts.values()), color=OURS, height=0.62)
        axes.bar_label(bars, [f"{count:,}" for count in counts.values()], padding=4)
        axes.invert_yaxis()
        axes.margins(x=0.18)
        axes.grid(visible=False)
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)

    return draw(paint, "records", 0.8 + 0.4 * len(counts))


def scores_by_class(scores: Floats, labels: Floats, threshold: float) -> str:
    """Histograms of the scores of normal, fraudulent and unlabelled payments, each as shares of its class."""
    classes = {"normal": labels == 0, "fraud": labels == 1, "label unknown": np.isnan(labels)}
    forward, back = _score_scale(scores)
    edges = back(np.linspace(forward(scores.min()), forward(scores.max()), 61))

    def paint(axes: Axes) -> None:
        class_histograms(axes, {name: scores[rows] for name, rows in classes.items()}, edges)
        axes.axvline(threshold, color=INK, linewidth=1.2, linestyle=(0, (4, 3)), label="threshold")
        axes.set_xscale("function", functions=(forward, back))
        axes.set_xticks(_score_ticks(scores, forward, back))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.4g}"))
        axes.minorticks_off()
        axes.set_xlim(edges[0], edges[-1])
        axes.set_xlabel("score (logarithmic scale)")
        axes.legend()

    return draw(paint, "scores")


def class_histograms(axes: Axes, classes: Mapping[str, Floats], edges: Floats) -> None:
    """A histogram of each class's values (none where it has none), as shares of the class; at most three classes."""
    for (name, values), colour in zip(classes.items(), (OURS, SECOND, SERIES[7]), strict=False):
        if len(values):
            weights = np.full(len(values), 1 / len(values))
            label = f"{name} ({len(values):,})"
            axes.hist(values, edges.tolist(), weights=weights, color=colour, alpha=0.6, label=label)
    axes.set_ylabel("share of its class")
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def roc(curves: Sequence[Curves]) -> str:
    """ROC curves; the first is ours. The page has the legend."""

    def paint(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1)
        for style, curve in zip(_line_styles(len(curves)), curves, strict=True):
            axes.plot(curve.false_positive_rate, curve.true_positive_rate, **style)
        axes.set_xlabel("false alarms among normal payments")
        axes.set_ylabel("frauds found (recall)")
        _percent_axes(axes)

    return draw(paint, "roc", 3.3)


def precision_recall(curves: Sequence[Curves], chosen: tuple[float, float] | None) -> str:
    """Precision-recall curves; the first is ours, ``chosen`` its recall and precision at the threshold.
    The page has the legend."""

    def paint(axes: Axes) -> None:
        for style, curve in zip(_line_styles(len(curves)), curves, strict=True):
            axes.plot(curve.recall, curve.precision, **style)
        if chosen:
            axes.plot(*chosen, marker="o", markersize=9, color=OURS, markeredgecolor=INK, linestyle="none",
                      label="ours at the threshold")  # fmt: skip
        axes.set_xlabel("frauds found (recall)")
        axes.set_ylabel("alerts that are frauds (precision)")
        _percent_axes(axes)

    return draw(paint, "precision-recall", 3.3)


def latency(latency: Latency) -> str:
    """A histogram of latencies with the median and the 99th percentile."""
    values = latency.values
    edges = np.linspace(0, max(latency.p99 * 1.25, 1.0), 50)

    def paint(axes: Axes) -> None:
        axes.hist(np.minimum(values, edges[-1]), edges.tolist(), color=OURS)
        for value, name, line in ((latency.p50, "p50", "solid"), (latency.p99, "p99", (0, (4, 3)))):
            axes.axvline(value, color=INK, linewidth=1.2, linestyle=line, label=f"{name} {value:,.1f} ms")
        axes.set_xlabel("milliseconds from sending to readable score")
        axes.set_ylabel("payments")
        axes.yaxis.set_major_formatter(_THOUSANDS)
        axes.legend()

    return draw(paint, "latency")


def alerts_over_time(event_time: NDArray[np.int64], alert: NDArray[np.bool_], budget: float) -> str:
    """Alerts by the time of their payments, and how many the budget (alerts per 10,000 payments) allows."""
    edges = np.linspace(event_time[0], event_time[-1] + 1, 49)
    payments, _ = np.histogram(event_time, edges)
    alerts, _ = np.histogram(event_time[alert], edges)
    moments = edges.astype("datetime64[ms]")

    def paint(axes: Axes) -> None:
        axes.bar(moments[:-1], alerts, width=np.diff(moments), align="edge", color=OURS, label="alerts")
        axes.step(moments, np.append(payments, payments[-1:]) * budget / 10_000, where="post", color=SECOND,
                  linewidth=1.8, label=f"budget ({budget:g} in 10,000 payments)")  # fmt: skip
        locator = AutoDateLocator(minticks=3, maxticks=7)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        axes.set_xlabel("time of the payment (UTC)")
        axes.set_ylabel("alerts")
        axes.set_ylim(0, max(axes.get_ylim()[1] * 1.25, 1))
        axes.legend(loc="upper left", ncols=2)

    return draw(paint, "alerts")


def drift(drift: Drift) -> str:
    """The share of scored payments between the deciles of training."""

    def paint(axes: Axes) -> None:
        places = np.arange(1, len(drift.shares) + 1)
        axes.bar(places, drift.shares, color=OURS, width=0.8)
        axes.axhline(1 / len(places), color=INK, linewidth=1.2, linestyle=(0, (4, 3)), label="as in training")
        axes.set_xticks(places, [str(place) for place in places])
        axes.grid(visible=False, axis="x")
        axes.set_xlabel("tenth of the training scores, from lowest to highest")
        axes.set_ylabel("share of scored payments")
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_ylim(0, max(axes.get_ylim()[1], 0.125))
        axes.legend()

    return draw(paint, "drift")


def _line_styles(count: int) -> list[dict[str, Any]]:
    """Ours bold and solid, the others thin, each told apart by dashes as well as by colour."""
    return [
        {
            "color": SERIES[n % len(SERIES)],
            "linewidth": 2.6 if n == 0 else 1.4,
            "linestyle": (0, DASHES[n % len(DASHES)]) if n else "solid",
            "zorder": 3 if n == 0 else 2,
        }
        for n in range(count)
    ]


def _percent_axes(axes: Axes) -> None:
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.03)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))


def _score_scale(scores: Floats) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """Logarithmic from the lowest score on, and close to linear near it: scores may be negative (they may be
    logarithms of densities), and frauds' are often hundreds of times as high as normal payments'."""
    lowest = float(scores.min())
    unit = float(np.median(scores)) - lowest or 1.0
    return (
        lambda value: np.arcsinh((np.asarray(value) - lowest) / unit),
        lambda value: np.sinh(value) * unit + lowest,
    )


def _score_ticks(scores: Floats, forward: Callable[[Any], Any], back: Callable[[Any], Any]) -> Floats:
    """Six round values, evenly spread over the scale."""
    values = back(np.linspace(forward(scores.min()), forward(scores.max()), 6))
    return np.unique([float(f"{value:.1g}") for value in values[:-1]])

"""The plots of the book, as SVG that takes its colours from the page: one drawing for light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter
from numpy.typing import ArrayLike

from fraud_pipeline.monitor import charts
from fraud_pipeline.train.evaluation import Curves


def show(svg: str, alt: str) -> HTML:
    """``svg`` as a figure; ``alt`` says in words what it shows."""
    named = svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1)
    return HTML(f'<div class="chart">{named}</div>')


def bars(counts: Mapping[str, int], unit: str, alt: str) -> HTML:
    """A bar for each name, the first on top, with its count beside it."""

    def paint(axes: Axes) -> None:
        drawn = axes.barh(list(counts), list(counts.values()), color=charts.OURS, height=0.62)
        axes.bar_label(drawn, [f"{count:,}" for count in counts.values()], padding=4)
        axes.invert_yaxis()
        axes.margins(x=0.18)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        axes.set_xlabel(unit)

    return show(charts.draw(paint, unit.replace(" ", "-"), 0.8 + 0.45 * len(counts)), alt)


def stacked(parts: Mapping[str, Sequence[float]], names: Sequence[str], axis: str, unit: str, alt: str) -> HTML:
    """A column for each of ``names`` (n,), made of the ``parts`` (n,) one upon the other."""

    def paint(axes: Axes) -> None:
        bottom = np.zeros(len(names))
        for colour, (label, values) in zip(charts.SERIES, parts.items(), strict=False):
            axes.bar(names, values, 0.62, bottom, color=colour, label=label)
            bottom += np.asarray(values, dtype=np.float64)
        axes.set_ylim(0, bottom.max() * 1.25)
        axes.set_xlabel(axis)
        axes.set_ylabel(unit)
        axes.legend(ncols=len(parts), loc="upper left")

    return show(charts.draw(paint, "stacked", 2.8), alt)


def partition_layout(counts: Mapping[int, int], alt: str) -> HTML:
    """Records in each partition."""
    return bars({f"partition {number}": counts[number] for number in sorted(counts)}, "records", alt)


def training_curves(histories: Sequence[Mapping[str, Sequence[float]]], alt: str) -> HTML:
    """Loss by epoch of the first history, on training rows and on validation rows, with a dot at the best epoch."""

    def paint(axes: Axes) -> None:
        for name, label, colour, line in (
            ("loss", "training, with noise", charts.OURS, "solid"),
            ("val_loss", "validation", charts.SECOND, "dashed"),
        ):
            losses = histories[0][name]
            axes.plot(range(1, len(losses) + 1), losses, color=colour, linestyle=line, label=label)
        best = int(np.argmin(losses))  # of the validation rows, which were drawn last
        axes.plot(best + 1, losses[best], "o", color=charts.INK, markersize=7, linestyle="none", label="best epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("epoch")
        axes.set_ylabel("mean squared error")
        axes.legend()

    return show(charts.draw(paint, "training"), alt)


def precision_recall(curves: Mapping[str, Curves], alt: str) -> HTML:
    """Precision-recall curves by name, at most three, weighted to the share of frauds in real payments."""

    def paint(axes: Axes) -> None:
        styles = zip(charts.SERIES, ("solid", "dashed", "dotted"), strict=False)
        for (name, curve), (colour, line) in zip(curves.items(), styles, strict=False):
            axes.plot(curve.recall, curve.precision, color=colour, linestyle=line, linewidth=2, label=name)
        axes.set_xlabel("frauds found (recall)")
        axes.set_ylabel("alerts that are frauds (precision)")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1))

    return show(charts.draw(paint, "curves", 3.9), alt)


def errors_by_class(normal: ArrayLike, fraud: ArrayLike, alt: str) -> HTML:
    """How reconstruction errors (positive) are spread in each class, as shares of the class, on a logarithmic axis."""
    classes = {"normal": np.asarray(normal, np.float64), "fraud": np.asarray(fraud, np.float64)}
    both = np.concatenate(list(classes.values()))
    edges = np.geomspace(both.min(), both.max(), 27)

    def paint(axes: Axes) -> None:
        charts.class_histograms(axes, classes, edges)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.set_xlabel("reconstruction error (squared deviations, log scale)")
        axes.legend()

    return show(charts.draw(paint, "errors"), alt)


def pair_plot(classes: Mapping[str, Mapping[str, ArrayLike]], alt: str) -> HTML:
    """Each column against each other one, a mark a row; on the diagonal how one column is spread in each class.

    ``classes`` maps the name of a class, at most three, to its columns (n,); the first class lies at the bottom.
    """
    styles = list(zip(classes.items(), charts.SERIES, ("o", "s", "^"), strict=False))
    columns = list(next(iter(classes.values())))

    def paint(axes: Axes) -> None:
        figure = axes.get_figure()
        assert figure is not None
        axes.remove()
        grid = figure.subplots(len(columns), len(columns), sharex="col", squeeze=False)
        for (row, column), panel in np.ndenumerate(grid):
            if row < column:  # would show the same again, mirrored
                panel.set_axis_off()
                continue
            for (name, values), colour, marker in styles:
                across = np.asarray(values[columns[column]], np.float64)
                if row == column:
                    share = np.full(len(across), 1 / len(across))
                    panel.hist(across, 20, weights=share, color=colour, alpha=0.6, label=name)
                else:
                    up = np.asarray(values[columns[row]], np.float64)
                    panel.plot(across, up, marker, color=colour, markersize=2.5, alpha=0.6, markeredgewidth=0)
            panel.tick_params(labelleft=column == 0 and row > 0, labelsize="x-small")
            panel.set_xlabel(columns[column] if row == len(columns) - 1 else "")
            panel.set_ylabel(columns[row] if column == 0 and row > 0 else "")
        figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="upper right")

    return show(charts.draw(paint, "pairs", 4.6), alt)

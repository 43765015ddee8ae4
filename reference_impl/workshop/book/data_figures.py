"""The book's plots that hold made-up payments against the real ones that they imitate."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter
from numpy.typing import ArrayLike

from fraud_pipeline.monitor import charts
from workshop.book.figures import show

_CLASSES = {"normal": (charts.OURS, "o"), "fraud": (charts.SECOND, "s")}


def quantiles_alike(measured: Mapping[str, ArrayLike], made: Mapping[str, ArrayLike], alt: str) -> HTML:
    """A mark for each quantile of each column, by class (``normal``, ``fraud``): the real one across, the made one up.

    Both map a class to quantiles of shape (columns, probabilities). What is alike lies on the diagonal.
    """

    def paint(axes: Axes) -> None:
        ends = [np.asarray(measured["fraud"]).min(), np.asarray(measured["fraud"]).max()]
        axes.plot(ends, ends, color=charts.INK, linewidth=1, label="alike")
        for name, (colour, marker) in _CLASSES.items():
            across, up = np.ravel(measured[name]), np.ravel(made[name])
            axes.plot(across, up, color=colour, marker=marker, markersize=4, alpha=0.6, linestyle="none", label=name)
        for axis, scale in ((axes.xaxis, axes.set_xscale), (axes.yaxis, axes.set_yscale)):
            scale("symlog", linthresh=1)
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.set_xlabel("quantile of a column, real payments (no unit)")
        axes.set_ylabel("the same, made up")
        axes.legend(loc="upper left")

    return show(charts.draw(paint, "quantiles", 3.6), alt)


def hours_of_day(measured: Mapping[str, ArrayLike], made: Mapping[str, ArrayLike], alt: str) -> HTML:
    """Share of a class's payments in each hour of the day: shape (24,); bars are made up, marks are measured."""
    hours = np.arange(24)

    def paint(axes: Axes) -> None:
        for (name, (colour, marker)), aside in zip(_CLASSES.items(), (0.0, 0.45), strict=True):
            axes.bar(hours + aside, made[name], 0.45, align="edge", color=colour, alpha=0.5, label=f"{name}, made up")
            axes.plot(
                hours + aside + 0.225,
                np.asarray(measured[name]),
                color=colour,
                marker=marker,
                markersize=4,
                linestyle="none",
                label=f"{name}, real",
            )
        axes.set_xlabel("hour of the day")
        axes.set_ylabel("share of the class")
        axes.set_xticks(range(0, 25, 3))
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.45, 1.0))

    return show(charts.draw(paint, "hours-of-day", 3.2), alt)

"""The plots of the book, as SVG that takes its colours from the page: one drawing for light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from IPython.display import HTML
from matplotlib.axes import Axes

from fraud_pipeline.monitor import charts


def show(svg: str, alt: str) -> HTML:
    """``svg`` as a figure; ``alt`` says in words what it shows."""
    named = svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1)
    return HTML(f'<div class="chart">{named}</div>')


def partition_layout(counts: Mapping[int, int], alt: str) -> HTML:
    """Records in each partition."""

    def paint(axes: Axes) -> None:
        names = [f"partition {number}" for number in sorted(counts)]
        bars = axes.barh(names, [counts[number] for number in sorted(counts)], color=charts.OURS, height=0.62)
        axes.bar_label(bars, [f"{counts[number]:,}" for number in sorted(counts)], padding=4)
        axes.invert_yaxis()
        axes.margins(x=0.18)
        axes.set_xlabel("records")

    return show(charts.draw(paint, "partitions", 2.2), alt)

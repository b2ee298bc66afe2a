"""Plots as SVG elements: they take their ink from the page around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tastemaker.evals.plots.canvas import ACCENT, INK, MUTED, canvas, count_lines, name_lines, svg_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tastemaker.evals.metrics.bootstrap import Interval


def dots(metric: str, means: Mapping[str, Interval]) -> str:
    """Means as dots, intervals as lines, one row per system, as an SVG element."""
    lines = max(count_lines(name) for name in means)
    figure, axes = canvas(0.9 + (0.2 + 0.14 * lines) * len(means), metric)
    for place, mean in enumerate(means.values()):
        axes.plot([mean.low, mean.high], [place, place], color=ACCENT, linewidth=2.5, solid_capstyle="round")
        axes.plot([mean.mean], [place], "o", color=ACCENT, markersize=6, clip_on=False)
    labels = [name_lines(name) for name in means]
    axes.set_yticks(range(len(means)), labels, color=INK)
    axes.set_ylim(len(means) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.grid(axis="x", color=MUTED, alpha=0.35, linewidth=0.8)
    return svg_of(figure)

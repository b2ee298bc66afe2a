"""Paired differences to one run: what lies right of the line is better."""

from __future__ import annotations

from collections.abc import Mapping

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.plots.canvas import ACCENT, INK, MUTED, canvas, name_lines, svg_of


def difference_plot(title: str, differences: Mapping[str, Interval]) -> str:
    """A dot per run with its interval, and a line at zero, as an SVG element."""
    labels = [name_lines(name) for name in differences]
    lines = max(label.count("\n") + 1 for label in labels)
    figure, axes = canvas(0.9 + (0.2 + 0.14 * lines) * len(differences), title)
    axes.axvline(0, color=INK, linewidth=1.2, linestyle=(0, (4, 3)))
    for place, told in enumerate(differences.values()):
        sure = told.low > 0 or told.high < 0
        ink = ACCENT if sure else MUTED
        axes.plot([told.low, told.high], [place, place], color=ink, linewidth=2.5, solid_capstyle="round")
        axes.plot([told.mean], [place], "o", color=ink, markersize=6, clip_on=False)
    axes.set_yticks(range(len(differences)), labels)
    axes.set_ylim(len(differences) - 0.5, -0.5)
    axes.grid(axis="x", color=MUTED, alpha=0.35, linewidth=0.8)
    axes.xaxis.set_major_formatter(lambda value, _: "0" if abs(value) < 1e-12 else f"{value:+.3g}")
    return svg_of(figure)

"""Plots as SVG elements: they take their ink from the page around them."""

from __future__ import annotations

import io
import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tastemaker.evals.metrics.bootstrap import Interval

LABEL = 18
"""Letters of a line of a system's name beside a plot."""
INK, ACCENT, MUTED = "#475569", "#0f766e", "#94a3b8"


def dots(metric: str, means: Mapping[str, Interval]) -> str:
    """Means as dots, intervals as lines, one row per system, as an SVG element."""
    from matplotlib.figure import Figure

    lines = max(len(textwrap.wrap(name, LABEL)) for name in means)
    figure = Figure(figsize=(5, 0.9 + (0.2 + 0.14 * lines) * len(means)))
    axes = figure.add_subplot()
    for place, mean in enumerate(means.values()):
        axes.plot([mean.low, mean.high], [place, place], color=ACCENT, linewidth=2.5, solid_capstyle="round")
        axes.plot([mean.mean], [place], "o", color=ACCENT, markersize=6, clip_on=False)
    labels = [textwrap.fill(name, LABEL, break_on_hyphens=True) for name in means]
    axes.set_yticks(range(len(means)), labels, color=INK)
    axes.set_ylim(len(means) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.set_title(metric, loc="left", fontsize=11, fontweight="bold", color=INK)
    axes.tick_params(colors=INK, length=0)
    axes.grid(axis="x", color=MUTED, alpha=0.35, linewidth=0.8)
    for side in axes.spines.values():
        side.set_visible(False)
    out = io.StringIO()
    figure.savefig(out, format="svg", transparent=True, bbox_inches="tight", metadata={"Date": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    return re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', "", svg, count=1)

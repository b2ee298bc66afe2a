"""A figure by slice: a bar for each run, with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.plots.canvas import INK, MUTED, canvas, colour, count_lines, name_lines, svg_of

BAR = 0.16
"""Inches of one bar."""


def slice_bars(
    title: str,
    runs: Sequence[str],
    values: Mapping[str, Mapping[str, Interval]],
    *,
    counts: Mapping[str, int],
) -> str:
    """Slice values below each other, each with a bar per run, as an SVG element.

    Args:
        title: what is drawn.
        runs: in order of colours.
        values: slice value -> run -> mean.
        counts: slice value -> cases.
    """
    labels = [name_lines(f"{value} ({counts[value]:,})") for value in values]
    lines = max(label.count("\n") + 1 for label in labels)
    row = max(BAR * (len(runs) + 1), 0.16 * lines + 0.08)
    legend = 0.2 * sum(count_lines(name, 40) for name in runs) if len(runs) > 1 else 0.0
    figure, axes = canvas(0.7 + row * len(values) + legend, title)
    thick = BAR / row
    for place, run in enumerate(runs):
        held = [(n, own[run]) for n, own in enumerate(values.values()) if run in own]
        at = [n + (place - (len(runs) - 1) / 2) * thick for n, _ in held]
        means = [told.mean for _, told in held]
        axes.barh(at, means, height=thick * 0.92, color=colour(place), label=name_lines(run, 40))
        for y, (_, told) in zip(at, held, strict=True):
            axes.plot([told.low, told.high], [y, y], color=INK, linewidth=1.1, solid_capstyle="butt")
    axes.set_yticks(range(len(values)), labels)
    axes.set_ylim(len(values) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.grid(axis="x", color=MUTED, alpha=0.35, linewidth=0.8)
    axes.set_axisbelow(True)
    if len(runs) > 1:
        axes.legend(
            loc="upper left", bbox_to_anchor=(0, -0.3 / (row * len(values))), frameon=False, labelcolor=INK
        )
    return svg_of(figure)

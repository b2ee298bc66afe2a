"""Chances beside what came of them: on the line they are what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tastemaker.evals.metrics.reliability import Bin
from tastemaker.evals.plots.canvas import INK, MUTED, canvas, colour, count_lines, name_lines, svg_of


def calibration_plot(title: str, bins: Mapping[str, Sequence[Bin]]) -> str:
    """Share that was right over mean chance, a line per run, with intervals, as an SVG element."""
    legend = 0.2 * sum(count_lines(name, 40) for name in bins)
    figure, axes = canvas(3.4 + legend, title)
    most = max(max(one.chance, one.right.high) for own in bins.values() for one in own) * 1.05 or 1.0
    axes.plot([0, most], [0, most], color=MUTED, linestyle=(0, (4, 3)), linewidth=1.2)
    for place, (name, own) in enumerate(bins.items()):
        ink = colour(place)
        axes.plot(
            [one.chance for one in own],
            [one.right.mean for one in own],
            "o-",
            color=ink,
            markersize=5,
            linewidth=1.2,
            label=name_lines(name, 40),
        )
        for one in own:
            axes.plot([one.chance] * 2, [one.right.low, one.right.high], color=ink, linewidth=1.6, alpha=0.6)
    axes.set_xlim(0, most)
    axes.set_ylim(0, most)
    axes.set_xlabel("mean chance that the system gave", color=INK)
    axes.set_ylabel("share that was right", color=INK)
    axes.grid(color=MUTED, alpha=0.35, linewidth=0.8)
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.2), frameon=False, labelcolor=INK)
    return svg_of(figure)

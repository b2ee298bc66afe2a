"""How many cases have how many turns, a step line per run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from tastemaker.evals.plots.canvas import INK, MUTED, canvas, colour, count_lines, name_lines, svg_of

MOST = 12
"""From so many turns on, cases share a bar."""


def turns_histogram(title: str, turns: Mapping[str, Sequence[int]]) -> str:
    """Bars of whole numbers, those of the runs side by side, as an SVG element."""
    counts = {name: Counter(min(one, MOST) for one in told) for name, told in turns.items()}
    values = sorted({value for one in counts.values() for value in one})
    spread = range(values[0], values[-1] + 1)
    legend = 0.2 * sum(count_lines(name, 40) for name in turns) if len(turns) > 1 else 0.0
    figure, axes = canvas(2.6 + legend, title)
    wide = 0.8 / len(turns)
    for place, (name, one) in enumerate(counts.items()):
        at = [value - 0.4 + wide * (place + 0.5) for value in spread]
        axes.bar(
            at, [one[value] for value in spread], wide * 0.94, color=colour(place), label=name_lines(name, 40)
        )
    axes.set_xticks(list(spread), [f"{value}+" if value == MOST else str(value) for value in spread])
    axes.set_ylabel("cases", color=INK)
    axes.grid(axis="y", color=MUTED, alpha=0.35, linewidth=0.8)
    axes.set_axisbelow(True)
    if len(turns) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.1), frameon=False, labelcolor=INK)
    return svg_of(figure)

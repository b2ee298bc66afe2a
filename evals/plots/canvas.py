"""What all plots share: a figure without a frame, names on several lines, and SVG that takes its ink from the page."""

from __future__ import annotations

import io
import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABEL = 18
"""Letters of a line of a name beside a plot."""
INK, ACCENT, MUTED = "#475569", "#0f766e", "#94a3b8"
PALETTE = ("#0f766e", "#b45309", "#4338ca", "#be185d", "#4d7c0f", "#0369a1", "#a21caf", "#b91c1c")
"""Told apart by people who see red and green alike, in order; more runs begin anew."""
WIDTH = 5.0
"""Inches, which become the width of a column of the page."""


def canvas(height: float, title: str) -> tuple[Figure, Axes]:
    """A figure of one plot, so many inches high."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height))
    axes = figure.add_subplot()
    axes.set_title(
        textwrap.fill(plain(title), 48), loc="left", fontsize=11, fontweight="bold", color=INK, x=0, pad=10
    )
    axes.tick_params(colors=INK, length=0)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
    for side in axes.spines.values():
        side.set_visible(False)
    return figure, axes


def svg_of(figure: Figure) -> str:
    """A figure as an SVG element as wide as what holds it."""
    out = io.StringIO()
    figure.savefig(out, format="svg", transparent=True, bbox_inches="tight", metadata={"Date": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    return re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', "", svg, count=1)


def name_lines(name: str, letters: int = LABEL) -> str:
    """A name on as many lines as it takes.

    >>> name_lines("conversation ranker, five folds")
    'conversation\\nranker, five folds'
    """
    return textwrap.fill(plain(name), letters, break_on_hyphens=True) or "-"


def plain(text: str) -> str:
    r"""A text that matplotlib draws as it stands: a dollar would begin mathematics.

    >>> plain("$x$")
    '\\$x\\$'
    """
    return text.replace("$", r"\$")


def count_lines(name: str, letters: int = LABEL) -> int:
    """How many lines a name takes."""
    return name_lines(name, letters).count("\n") + 1


def colour(place: int) -> str:
    """Of a run by its place."""
    return PALETTE[place % len(PALETTE)]

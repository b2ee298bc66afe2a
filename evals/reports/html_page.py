"""A report as one web page: nothing is loaded from elsewhere, plots are SVG, and a phone can show it."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from tastemaker.evals.reports.run_report import Runs, Section, title_of

if TYPE_CHECKING:
    from tastemaker.evals.metrics.bootstrap import Interval

MAX_PLOTS = 4
LABEL = 18
"""Letters of a line of a system's name beside a plot."""
INK, ACCENT, MUTED = "#475569", "#0f766e", "#94a3b8"

STYLE = """
:root {
  color-scheme: light dark;
  --ink: #1e293b; --paper: #ffffff; --line: #e2e8f0; --soft: #64748b; --tint: #f8fafc;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e2e8f0; --paper: #0f172a; --line: #334155; --soft: #94a3b8; --tint: #1e293b; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .25rem; }
p { margin: .25rem 0 .75rem; color: var(--soft); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: .4rem .7rem; text-align: left; white-space: nowrap; border-top: 1px solid var(--line); }
thead th { border-top: 0; background: var(--tint); font-weight: 600; }
tbody th { font-weight: 600; position: sticky; left: 0; background: var(--paper); }
td.long { white-space: normal; min-width: 18rem; overflow-wrap: anywhere; }
.plots {
  display: grid; gap: 1rem; margin: 1rem 0;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
}
figure { margin: 0; border: 1px solid var(--line); border-radius: .5rem; padding: .5rem; }
figure svg { display: block; width: 100%; height: auto; }
@media (max-width: 40rem) {
  th, td { padding: .4rem .5rem; }
  th { white-space: normal; overflow-wrap: break-word; max-width: 9rem; }
  tbody th { min-width: 6.5rem; }
  td.long { min-width: 13rem; }
}
"""


def page(runs: Runs, parts: Sequence[Section]) -> str:
    """The whole page."""
    head = runs.heads[runs.baseline]
    cases = max(len(rows) for rows in runs.rows.values())
    body = [
        f"<h1>{escape(title_of(runs))}</h1>",
        f"<p>{cases:,} cases, {len(runs.rows)} system{'s' * (len(runs.rows) > 1)}, {escape(head['made'][:10])}</p>",
    ]
    for number, part in enumerate(parts):
        body.append(_section(part))
        if number == 0:
            body.append(f'<div class="plots">{"".join(_plots(runs))}</div>')
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title_of(runs))}</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def _section(part: Section) -> str:
    text = f"<p>{escape(part.text)}</p>" if part.text else ""
    return f"<section><h2>{escape(part.title)}</h2>{text}{_table(part)}</section>"


def _table(part: Section) -> str:
    if part.table is None:
        return ""
    head, rows = part.table
    cells = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = []
    for first, *rest in rows:
        told = "".join(f"<td{' class=long' if len(cell) > 40 else ''}>{escape(cell)}</td>" for cell in rest)
        lines.append(f'<tr><th scope="row">{escape(first)}</th>{told}</tr>')
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(part.title, quote=True)}">'
        f"<table><thead><tr>{cells}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _plots(runs: Runs) -> list[str]:
    plots = []
    for metric in runs.headline_metrics[:MAX_PLOTS]:
        told = {name: mean for name in runs.rows if (mean := runs.mean(name, metric))}
        if told:
            caption = f"{metric}: " + ", ".join(f"{name} {mean.mean:.3f}" for name, mean in told.items())
            label = escape(caption, quote=True)
            plots.append(f'<figure role="img" aria-label="{label}">{dots(metric, told)}</figure>')
    return plots


def dots(metric: str, told: dict[str, Interval]) -> str:
    """Means as dots, intervals as lines, one row per system, as an SVG element."""
    from matplotlib.figure import Figure

    lines = max(len(textwrap.wrap(name, LABEL)) for name in told)
    figure = Figure(figsize=(5, 0.9 + (0.2 + 0.14 * lines) * len(told)))
    axes = figure.add_subplot()
    for place, mean in enumerate(told.values()):
        axes.plot([mean.low, mean.high], [place, place], color=ACCENT, linewidth=2.5, solid_capstyle="round")
        axes.plot([mean.mean], [place], "o", color=ACCENT, markersize=6, clip_on=False)
    labels = [textwrap.fill(name, LABEL, break_on_hyphens=True) for name in told]
    axes.set_yticks(range(len(told)), labels, color=INK)
    axes.set_ylim(len(told) - 0.5, -0.5)
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

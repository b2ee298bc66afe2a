"""A report as one web page: nothing is loaded from elsewhere, plots are SVG, and a phone can show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tastemaker.evals.browse.browser import Browser
from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.reports.sections import Plot, Runs, Section
from tastemaker.evals.reports.table_files import links

MAX_PLOTS = 4
LONG = 40
"""Letters from which on a cell may take several lines."""


def render_page(
    title: str,
    subtitle: str,
    parts: Sequence[Section],
    plots: Sequence[Plot] = (),
    browser: Browser | None = None,
) -> str:
    """A whole page; plots stand below the first section that is no warning, the cases to look through last."""
    return _template(
        "report.html.j2", title=title, subtitle=subtitle, parts=parts, plots=plots, browser=browser
    )


def render_sections(parts: Iterable[Section]) -> str:
    """Sections alone, for a page that has its own head, such as a notebook."""
    return _template("sections.html.j2", parts=list(parts), plots=())


def page_style() -> Markup:
    """The rules of all pages."""
    return Markup((Path(__file__).parent / "report.css").read_text(encoding="utf-8"))  # noqa: S704  our own file


def describe_runs(runs: Runs) -> str:
    """The line below a page's title: how many cases and systems, and when."""
    cases = max(len(rows) for rows in runs.rows.values())
    made = runs.heads[runs.baseline]["made"][:10]
    return f"{cases:,} cases, {len(runs.rows)} system{'s' * (len(runs.rows) > 1)}, {made}"


def plots_of(runs: Runs) -> list[Plot]:
    """The first of the metrics that runs are about, a plot each."""
    means = {
        metric: {name: mean for name in runs.rows if (mean := runs.mean(name, metric))}
        for metric in runs.headline_metrics[:MAX_PLOTS]
    }
    return [plot(metric, by_system) for metric, by_system in means.items() if by_system]


def plot(metric: str, means: Mapping[str, Interval]) -> Plot:
    """Systems in one metric."""
    from tastemaker.evals.reports.plots import dots  # matplotlib takes a second to import

    caption = f"{metric}: " + ", ".join(f"{name} {mean.mean:.3f}" for name, mean in means.items())
    return Plot(caption, Markup(dots(metric, means)))  # noqa: S704  matplotlib escapes the names


def _template(name: str, **values: object) -> str:
    return _environment().get_template(name).render(long=LONG, **values)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    made.globals["links"] = links
    return made

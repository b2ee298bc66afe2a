"""What a report is made of: runs of one kind side by side, and sections with a table each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from markupsafe import Markup

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.reports.summary import HEADLINE, difference, headline, mean_of, metric_names
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.evals.runs.item_titles import keep_titles, read_titles
from tastemaker.evals.runs.run_folder import Head, Row, read_run
from tastemaker.evals.runs.run_names import name_runs
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError, DataError

Table = tuple[Sequence[str], Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Plot:
    """A drawing, and what it says to those who cannot see it."""

    caption: str
    svg: Markup

    def _repr_html_(self) -> str:
        return f'<div style="max-width: 34rem">{self.svg}</div>'


@dataclass(frozen=True)
class Section:
    """A heading, what it says, and a table.

    Attributes:
        draw: gives the plots that stand with it, once a page is made.
        loud: whether it is a warning.
    """

    title: str
    text: str
    table: Table | None = None
    draw: Callable[[], Sequence[Plot]] | None = None
    loud: bool = False

    def plots(self) -> Sequence[Plot]:
        """Its plots; matplotlib takes a second to import, so a terminal asks for none."""
        return self.draw() if self.draw else ()


@dataclass(frozen=True)
class Runs:
    """Runs of one kind, which of them the others are compared with, and what items are called where it is known."""

    heads: dict[str, Head]
    rows: dict[str, list[Row]]
    baseline: str
    titles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, paths: Sequence[Path], baseline: str | None) -> Runs:
        """Read run folders; each is known by its folder's name, and by more of the path where two have the same.

        Raises:
            DataError: none, or of different kinds.
            ConfigError: a baseline that is not among them.
        """
        read = {name: read_run(path) for name, path in name_runs(paths).items()}
        kinds = {head["kind"] for head, _ in read.values()}
        if len(kinds) != 1:
            raise DataError(f"runs of one kind are needed, got {', '.join(sorted(kinds)) or 'none'}")
        first = baseline or next(iter(read))
        if first not in read:
            raise ConfigError(f"baseline {first!r} is not among the runs; {nearest_of(first, list(read))}")
        heads, rows = {n: head for n, (head, _) in read.items()}, {n: own for n, (_, own) in read.items()}
        return cls(heads, rows, first, read_titles(paths))

    @classmethod
    def read_with(cls, catalog: Catalog, paths: Sequence[Path], baseline: str | None) -> Runs:
        """The same of runs that were just made on a catalogue; its titles are kept beside them."""
        runs = cls.read(paths, baseline)
        for name, path in name_runs(paths).items():
            keep_titles(path, runs.rows[name], catalog)
        return replace(runs, titles=read_titles(paths))

    @cached_property
    def metrics(self) -> list[str]:
        """All metrics of any run."""
        return list(dict.fromkeys(name for rows in self.rows.values() for name in metric_names(rows)))

    @property
    def headline_metrics(self) -> list[str]:
        """The metrics of the first table."""
        return [name for name in HEADLINE if name in self.metrics] or self.metrics[:6]

    @property
    def headline(self) -> str:
        """The metric that the runs are about."""
        return headline(self.metrics)

    def mean(self, run: str, metric: str) -> Interval | None:
        """A run's mean of a metric."""
        return mean_of(self.rows[run], metric, self.heads[run]["seed"])

    def less_baseline(self, run: str, metric: str) -> Interval | None:
        """A run's paired difference to the baseline."""
        return difference(self.rows[run], self.rows[self.baseline], metric, self.heads[run]["seed"])


def title_of(runs: Runs) -> str:
    """``dialogues on valid_data.jsonl``."""
    head = runs.heads[runs.baseline]
    return f"{head['kind']} on {head['data'].get('name', 'unnamed data')}"


def markdown(title: str, parts: Sequence[Section]) -> str:
    """A report as Markdown."""
    lines = [f"# {title}", ""]
    for part in parts:
        lines += [f"## {part.title}", "", *([part.text, ""] if part.text else [])]
        lines += [markdown_table(*part.table), ""] if part.table else []
    return "\n".join(lines)


def plain_text(parts: Iterable[Section]) -> str:
    """Texts and tables for a file or a pipe, where a terminal would get drawn ones."""
    blocks = (
        "\n".join(
            [*([part.text] if part.text else []), *([markdown_table(*part.table)] if part.table else [])]
        )
        for part in parts
    )
    return "\n\n".join(block for block in blocks if block)


def figure(told: Interval | None) -> str:
    """``.322 [.311, .334]``, or a dash.

    >>> figure(Interval(0.3221, 0.31, 1.0)), figure(None)
    ('.322 [.310, 1.000]', '-')
    """
    if told is None:
        return "-"
    mean, low, high = (f"{value:.3f}".removeprefix("0") for value in (told.mean, told.low, told.high))
    return f"{mean} [{low}, {high}]"


def signed_interval(told: dict[str, float]) -> str:
    """``+.012 [-.001, .025]``."""
    mean, low, high = (f"{told[key]:+.3f}".replace("0.", ".", 1) for key in ("mean", "low", "high"))
    return f"{mean} [{low}, {high}]"


def how_to_run(runs: Runs) -> Section:
    """The section that names each run's command, commit and parameters."""
    rows = [_head_row(name, head) for name, head in runs.heads.items()]
    head = ("system", "made", "commit", "parameters", "data sha256", "command")
    return Section("How to run it again", "", (head, rows))


def _head_row(name: str, head: Head) -> Sequence[str]:
    parameters = ", ".join(f"{key}={value}" for key, value in head["parameters"].items())
    commit = (head["commit"] or "unknown")[:12]
    return name, head["made"], commit, parameters, head["data"].get("sha256", "")[:12], head["command"]

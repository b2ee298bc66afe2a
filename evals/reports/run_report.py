"""All runs in a folder as tables: for the terminal, as Markdown, as JSON; ``report_page`` makes the web page of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.reports.compare import HEADLINE, headline, signed_interval, vars_of
from tastemaker.evals.reports.summary import (
    difference,
    failures,
    mean_of,
    metric_names,
    percentiles,
    slices_of,
    usage_of,
    without_model,
)
from tastemaker.evals.reports.text_table import markdown_table
from tastemaker.evals.runs.run_folder import Head, Row, read_run
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError, DataError

SHOWN_FAILURES = 20

Table = tuple[Sequence[str], Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Section:
    """A heading, what it says, and a table."""

    title: str
    text: str
    table: Table | None = None


@dataclass(frozen=True)
class Runs:
    """Runs of one kind, and which of them the others are compared with."""

    heads: dict[str, Head]
    rows: dict[str, list[Row]]
    baseline: str

    @classmethod
    def read(cls, paths: Sequence[Path], baseline: str | None) -> Runs:
        """Read run folders; each is known by its folder's name.

        Raises:
            DataError: none, or of different kinds.
            ConfigError: a baseline that is not among them.
        """
        read = {path.name: read_run(path) for path in paths}
        kinds = {head["kind"] for head, _ in read.values()}
        if len(kinds) != 1:
            raise DataError(f"runs of one kind are needed, got {', '.join(sorted(kinds)) or 'none'}")
        first = baseline or next(iter(read))
        if first not in read:
            raise ConfigError(f"baseline {first!r} is not among the runs; {nearest_of(first, list(read))}")
        return cls(
            {n: head for n, (head, _) in read.items()}, {n: rows for n, (_, rows) in read.items()}, first
        )

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


def table(paths: Sequence[Path], baseline: str | None = None) -> str:
    """The first two tables, for a terminal."""
    runs = Runs.read(paths, baseline)
    return "\n\n".join(
        "\n".join(part for part in (section.text, markdown_table(*section.table)) if part)
        for section in (_accuracy(runs), _differences(runs))
        if section.table
    )


def as_json(paths: Sequence[Path], baseline: str | None = None) -> dict[str, Any]:
    """All means, differences, slices and costs, with the heads of the runs."""
    runs = Runs.read(paths, baseline)
    told = {name: _run_as_json(runs, name) | _more_as_json(runs, name) for name in runs.rows}
    return {"baseline": runs.baseline, "runs": told}


def _run_as_json(runs: Runs, name: str) -> dict[str, Any]:
    rows = runs.rows[name]
    differences = {m: runs.less_baseline(name, m) for m in runs.metrics if name != runs.baseline}
    slices = {
        kind: {
            value: {
                "cases": len(held),
                **_intervals_json({m: mean_of(held, m) for m in runs.headline_metrics}),
            }
            for value, held in values.items()
        }
        for kind, values in slices_of(rows).items()
    }
    return {
        "head": runs.heads[name],
        "cases": len(rows),
        "failures": len(failures(rows)),
        "without_model": len(without_model(rows)),
        "metrics": _intervals_json({m: runs.mean(name, m) for m in runs.metrics}),
        "differences": _intervals_json(differences),
        "slices": slices,
        "seconds": percentiles(row["seconds"] for row in rows),
        "first_seconds": percentiles(row.get("first_seconds") for row in rows),
        "usage": dict(usage_of(rows)),
    }


def _intervals_json(told: Mapping[str, Interval | None]) -> dict[str, dict[str, Any]]:
    return {name: vars_of(interval) for name, interval in told.items() if interval is not None}


def write_reports(folder: Path, paths: Sequence[Path], baseline: str | None = None) -> None:
    """Write ``report.md`` and ``report.html`` of runs into a folder."""
    from tastemaker.evals.reports.html_page import page  # matplotlib takes a second to import

    runs = Runs.read(paths, baseline)
    parts = list(sections(runs))
    write_atomically(folder / "report.md", markdown(runs, parts).encode())
    write_atomically(folder / "report.html", page(runs, parts).encode())


def title_of(runs: Runs) -> str:
    """``dialogues on valid_data.jsonl``."""
    head = runs.heads[runs.baseline]
    return f"{head['kind']} on {head['data'].get('name', 'unnamed data')}"


def markdown(runs: Runs, parts: Sequence[Section]) -> str:
    """The report as Markdown."""
    lines = [f"# {title_of(runs)}", ""]
    for part in parts:
        lines += [f"## {part.title}", "", *([part.text, ""] if part.text else [])]
        lines += [markdown_table(*part.table), ""] if part.table else []
    return "\n".join(lines)


def sections(runs: Runs) -> Iterator[Section]:
    """What a report tells, in order."""
    yield _accuracy(runs)
    if len(runs.rows) > 1:
        yield _differences(runs)
    yield from _slices(runs)
    yield from _of_kind(runs)
    yield _cost(runs)
    if any("outside" in row or "gold_outside" in row for rows in runs.rows.values() for row in rows):
        yield _outside(runs)
    yield _failures(runs)
    yield how_to_run(runs)


def _more_as_json(runs: Runs, name: str) -> dict[str, Any]:
    head, rows = runs.heads[name], runs.rows[name]
    if head["kind"] == "simulate":
        from tastemaker.evals.simulation.report import simulation_figures

        return simulation_figures(rows)
    if head["kind"] == "replay":
        from tastemaker.evals.replay.report import replay_figures

        reward, only = head["parameters"]["reward"], head["parameters"]["supported_only"]
        return replay_figures(rows, reward, supported_only=only, seed=head["seed"])
    return {}


def _of_kind(runs: Runs) -> Iterator[Section]:
    """What only one kind of evaluation has to tell."""
    head = runs.heads[runs.baseline]
    if head["kind"] == "simulate":
        from tastemaker.evals.simulation.report import simulation_sections

        yield from simulation_sections(runs.rows)
    if head["kind"] == "replay":
        from tastemaker.evals.replay.report import replay_sections

        reward, only = head["parameters"]["reward"], head["parameters"]["supported_only"]
        yield from replay_sections(runs.rows, reward, supported_only=only, seed=head["seed"])


def figure(told: Interval | None) -> str:
    """``.322 [.311, .334]``, or a dash.

    >>> figure(Interval(0.3221, 0.31, 1.0)), figure(None)
    ('.322 [.310, 1.000]', '-')
    """
    if told is None:
        return "-"
    mean, low, high = (f"{value:.3f}".removeprefix("0") for value in (told.mean, told.low, told.high))
    return f"{mean} [{low}, {high}]"


def _accuracy(runs: Runs) -> Section:
    rows = [
        (name, f"{len(held):,}", *(figure(runs.mean(name, metric)) for metric in runs.headline_metrics))
        for name, held in runs.rows.items()
    ]
    how = "Means over all cases, failures included as misses, with 95 % bootstrap intervals that draw whole groups."
    failed = [
        f"{len(lost):,} of {len(held):,} cases of {name} were answered in part without the language model, "
        "which failed."
        for name, held in runs.rows.items()
        if (lost := without_model(held))
    ]
    return Section("Results", " ".join([how, *failed]), (("system", "cases", *runs.headline_metrics), rows))


def _differences(runs: Runs) -> Section:
    rows = [
        (
            name,
            *(
                signed_interval(vars_of(told)) if (told := runs.less_baseline(name, metric)) else "-"
                for metric in runs.headline_metrics
            ),
        )
        for name in runs.rows
        if name != runs.baseline
    ]
    how = f"Paired differences to {runs.baseline} on the same cases; an interval without zero is more than chance."
    return Section(
        f"Compared with {runs.baseline}", how, (("system", *runs.headline_metrics), rows) if rows else None
    )


def _slices(runs: Runs) -> Iterator[Section]:
    by_run = {name: slices_of(rows) for name, rows in runs.rows.items()}
    for slice_name in dict.fromkeys(name for found in by_run.values() for name in found):
        values = dict.fromkeys(v for found in by_run.values() for v in found.get(slice_name, {}))
        if len(values) < 2:
            continue
        rows = []
        for value in values:
            held = {run: found.get(slice_name, {}).get(value, []) for run, found in by_run.items()}
            means = [figure(mean_of(one, runs.headline)) if one else "-" for one in held.values()]
            rows.append((value, f"{max(map(len, held.values())):,}", *means))
        yield Section(f"By {slice_name}", f"{runs.headline}.", ((slice_name, "cases", *by_run), rows))


def _cost(runs: Runs) -> Section:
    rows = []
    for name, held in runs.rows.items():
        whole, first, usage = (
            percentiles(r["seconds"] for r in held),
            percentiles(r.get("first_seconds") for r in held),
            usage_of(held),
        )
        rows.append(
            (
                name,
                *_times(first),
                *_times(whole),
                *(
                    f"{usage[key]:,.1f}" if key in usage else "-"
                    for key in ("calls", "prompt_tokens", "cached_tokens", "completion_tokens")
                ),
                f"{usage['cost']:.4f}" if usage.get("cost") else "-",
            )
        )
    head = (
        "system",
        "first item, p50 s",
        "p95 s",
        "whole, p50 s",
        "p95 s",
        "calls",
        "prompt tokens",
        "cached",
        "written",
        "cost",
    )
    return Section("Time and cost", "Per case.", (head, rows))


def _times(told: tuple[float, float] | None) -> tuple[str, str]:
    return ("-", "-") if told is None else (f"{told[0]:.3f}", f"{told[1]:.3f}")


def _outside(runs: Runs) -> Section:
    rows = []
    for name, held in runs.rows.items():
        gold = sum(len(row.get("gold", ())) + len(row.get("gold_outside", ())) for row in held)
        lost, named = (
            sum(len(row.get("gold_outside", ())) for row in held),
            sum(len(row.get("outside", ())) for row in held),
        )
        rows.append(
            (name, f"{gold:,}", f"{lost:,}", f"{sum(len(row['items']) for row in held):,}", f"{named:,}")
        )
    head = (
        "system",
        "items to find",
        "of them outside the catalogue",
        "items answered",
        "titles answered outside it",
    )
    return Section(
        "Outside the catalogue", "Items to find that the catalogue lacks count as missed.", (head, rows)
    )


def _failures(runs: Runs) -> Section:
    found = [
        (name, row["case"], str(row["error"])[:200])
        for name, rows in runs.rows.items()
        for row in failures(rows)
    ]
    told = f"{len(found):,} cases without an answer; they count as misses." + (
        f" The first {SHOWN_FAILURES}:" if len(found) > SHOWN_FAILURES else ""
    )
    return Section("Failures", told, (("system", "case", "error"), found[:SHOWN_FAILURES]) if found else None)


def how_to_run(runs: Runs) -> Section:
    """The section that names each run's command, commit and parameters."""
    rows = [_head_row(name, head) for name, head in runs.heads.items()]
    head = ("system", "made", "commit", "parameters", "data sha256", "command")
    return Section("How to run it again", "", (head, rows))


def _head_row(name: str, head: Head) -> Sequence[str]:
    parameters = ", ".join(f"{key}={value}" for key, value in head["parameters"].items())
    commit = (head["commit"] or "unknown")[:12]
    return name, head["made"], commit, parameters, head["data"].get("sha256", "")[:12], head["command"]

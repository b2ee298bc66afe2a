"""Judged runs side by side: for the terminal, as JSON, as Markdown and as a web page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tastemaker.evals.judge.figures import NOT_RECORDED, NOTHING_TO_JUDGE, Figure, rows_of
from tastemaker.evals.judge.judge import MEASURES, JudgedRun
from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.reports.run_report import write_report_files
from tastemaker.evals.reports.sections import Runs, Section, figure, how_to_run

SHOWN_FAULTS = 20
"""Of each run."""
PLOTTED = ("grounded", "claims held", "repeats", "violations", "diversity", "novelty")
WHOLE_RUN = "of the whole run; no interval, since a resampled run shows fewer items by construction"
OF_RUNS = {
    "coverage": f"share of the catalogue that any list showed, {WHOLE_RUN}",
    "Gini": f"of how often each item of the catalogue was shown, 0 for equally often, {WHOLE_RUN}",
}
COARSE = 10
"""From this value on, one digit behind the point says enough."""


@dataclass(frozen=True)
class JudgedRuns(Runs):
    """Judged runs in the form that the report's page takes."""

    figures: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)

    @classmethod
    def of(cls, judged: Mapping[str, JudgedRun]) -> JudgedRuns:
        """Runs by name; the first gives the report its title."""
        heads = {name: {**run.head, "kind": f"replies of {run.head['kind']}"} for name, run in judged.items()}
        rows = {name: [{"case": one.reply.case} for one in run.verdicts] for name, run in judged.items()}
        figures = {name: rows_of(run) for name, run in judged.items()}
        return cls(heads, rows, next(iter(judged)), figures=figures)

    @property
    def headline_metrics(self) -> list[str]:
        """The measures that are plotted."""
        return [one for one in PLOTTED if any(own[one].value for own in self.figures.values())]

    def mean(self, run: str, metric: str) -> Interval | None:
        """A run's figure."""
        return self.figures[run][metric].value


def figures_section(judged: Mapping[str, JudgedRun]) -> Section:
    """The figures, a column per run."""
    return _figures(judged, JudgedRuns.of(judged))


def report_json(judged: Mapping[str, JudgedRun]) -> dict[str, Any]:
    """All figures and faults, with the heads of the runs."""
    return {
        name: {
            "head": run.head,
            "replies": len(run.verdicts),
            "figures": {one: told.as_json() for one, told in rows_of(run).items()},
            "coverage": run.coverage,
            "gini": run.gini,
            "faults": [vars(fault) for fault in run.faults],
        }
        for name, run in judged.items()
    }


def write_report(folder: Path, judged: Mapping[str, JudgedRun]) -> None:
    """Write ``report.md`` and ``report.html``."""
    runs = JudgedRuns.of(judged)
    write_report_files(folder, runs, list(_sections(judged, runs)))


def _sections(judged: Mapping[str, JudgedRun], runs: JudgedRuns) -> Iterator[Section]:
    yield _figures(judged, runs)
    yield _faults(judged)
    told = [*MEASURES.items(), *OF_RUNS.items()]
    yield Section("What the measures are", "", (("measure", "is"), told))
    yield how_to_run(runs)


def _figures(judged: Mapping[str, JudgedRun], runs: JudgedRuns) -> Section:
    names = list(next(iter(runs.figures.values())))
    table = [("replies", *(f"{len(run.verdicts):,}" for run in judged.values()))]
    table += [(name, *(_format_interval(own[name]) for own in runs.figures.values())) for name in names]
    table += [
        ("coverage", *(_plain(run.coverage) for run in judged.values())),
        ("Gini", *(_plain(run.gini) for run in judged.values())),
    ]
    how = (
        "With 95 % bootstrap intervals that draw whole groups. A reply that failed counts as one without text. "
        f"{NOT_RECORDED}: the run's rows lack what it takes. {NOTHING_TO_JUDGE}: there was nothing to judge."
    )
    return Section("Replies judged", how, (("measure", *judged), table))


def _faults(judged: Mapping[str, JudgedRun]) -> Section:
    counted = []
    for name, run in judged.items():
        of = Counter(fault.measure for fault in run.faults)
        counted.append(f"{name}: " + (", ".join(f"{measure} {n:,}" for measure, n in of.items()) or "none"))
    told = "; ".join(counted)
    table = [
        (name, one.case, one.measure, one.what) for name, run in judged.items() for one in _sample_faults(run)
    ]
    text = f"{told}. Up to {SHOWN_FAULTS} of each run, of every measure some; --json has them all."
    return Section("Faults", text, (("run", "case", "measure", "what"), table) if table else None)


def _sample_faults(run: JudgedRun) -> list[Any]:
    """The first faults of each measure, in equal parts."""
    kinds = list(dict.fromkeys(fault.measure for fault in run.faults))
    most = SHOWN_FAULTS // max(1, len(kinds))
    return [one for kind in kinds for one in [f for f in run.faults if f.measure == kind][:most]]


def _format_interval(told: Figure) -> str:
    if not told.recorded:
        return NOT_RECORDED
    if told.value is None:
        return NOTHING_TO_JUDGE
    if told.value.mean < COARSE:
        return figure(told.value)
    return f"{told.value.mean:,.1f} [{told.value.low:,.1f}, {told.value.high:,.1f}]"


def _plain(value: float | None) -> str:
    return NOTHING_TO_JUDGE if value is None else f"{value:.3f}"

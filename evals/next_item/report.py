"""A next-item evaluation in figures: one JSON object, and a table for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.bootstrap import Interval, bootstrap_columns
from tastemaker.evals.metrics.rank_metrics import METRICS, Ranks
from tastemaker.evals.next_item.evaluate import NextItemResult, means
from tastemaker.evals.reports.alerts import alert_section
from tastemaker.evals.reports.html_page import plot, render_page, render_sections
from tastemaker.evals.reports.run_report import browse
from tastemaker.evals.reports.sections import Plot, Runs, Section, figure, markdown
from tastemaker.evals.reports.text_table import aligned_table
from tastemaker.recommenders.fused import Fused
from tastemaker.recommenders.recommender import Recommender
from tastemaker.retrieval.atomic_write import write_atomically

if TYPE_CHECKING:
    from pandas import DataFrame

KS = (1, 5, 10, 20, 50)
COLD_AT_MOST = 5
SHOWN = ("HR@10", "NDCG@10", "MRR@10")
BOUNDS = ("mean", "low", "high")

Report = dict[str, Any]


@dataclass(frozen=True)
class SystemRun:
    """One system's answers and what they cost.

    Attributes:
        model: what was asked.
        result: its answers.
        latency: float64[n], seconds of single queries; None where they were not timed.
    """

    model: Recommender | Fused
    result: NextItemResult
    latency: npt.NDArray[np.float64] | None


def system_report(run: SystemRun, cold: npt.NDArray[np.bool_], seed: int) -> Report:
    """All figures of one system.

    Args:
        run: what it did.
        cold: bool[n], whose target was seen at most five times in training.
        seed: of the bootstrap.
    """
    result = run.result
    return {
        "config": dict(run.model.config),
        "training": dict(run.model.record),
        "failures": result.failures,
        "filtered": _accuracy(result.filtered, seed),
        "unfiltered": _accuracy(result.unfiltered, seed),
        "cold": means(result.filtered[cold], KS) if cold.any() else None,
        "coverage@10": result.coverage,
        "scoring_seconds": result.seconds,
        "latency_ms": None if run.latency is None else _milliseconds(run.latency),
    }


def _milliseconds(seconds: npt.NDArray[np.float64]) -> Report:
    median, slow = np.quantile(seconds, [0.5, 0.95]) * 1e3
    return {"median": float(median), "p95": float(slow), "queries": len(seconds)}


def differences(
    runs: Mapping[str, SystemRun], baseline: str, seed: int, only: npt.NDArray[np.bool_] | slice = slice(None)
) -> Report:
    """Each other system's figures less the baseline's, on the same people, with 95 % intervals.

    Args:
        runs: what the systems did.
        baseline: one of them.
        seed: of the bootstrap.
        only: bool[n], which people; all unless given.
    """
    base = _columns(runs[baseline].result.filtered[only])
    return {
        name: _by_name(bootstrap_columns(_columns(run.result.filtered[only]) - base, seed=seed))
        for name, run in runs.items()
        if name != baseline
    }


@dataclass(frozen=True)
class NextItemReport:
    """A next-item evaluation and what there is to say of it; a notebook shows its table.

    Attributes:
        report: all figures, as :func:`tastemaker.evals.next_item.run.run_plan` gives them.
        folders: runs of the systems, whose cases can be looked through.
    """

    report: Report
    folders: Sequence[Path] = ()

    def summary(self) -> list[Section]:
        """The section of :meth:`table`."""
        return [main_section(self.report)]

    def table(self) -> str:
        """The main figures as text, a line per system, seen items filtered."""
        return table(self.report)

    def figures(self) -> Report:
        """All figures; fit for JSON."""
        return self.report

    def write_reports(self, folder: Path | str) -> None:
        """Write ``report.md`` and ``report.html`` into a folder; people can be looked through where there are runs."""
        data, people = self.report["data"], self.report["people"]
        title = f"next-item on {data['name']}"
        parts = [main_section(self.report), metrics_section(self.report), protocol_section(self.report)]
        runs = Runs.read(self.folders, None) if self.folders else None
        warned = alert_section(runs) if runs else None
        parts = [*([warned] if warned else []), *parts]
        browser = browse(runs) if runs else None
        if browser:
            browser.write_files(Path(folder))
        about = f"{people['asked']:,} people, {data['items']:,} items, {self.report['made'][:10]}"
        write_atomically(Path(folder) / "report.md", markdown(title, parts).encode())
        write_atomically(
            Path(folder) / "report.html",
            render_page(title, about, parts, list(self.plots().values()), browser).encode(),
        )

    def frame(self) -> DataFrame:
        """The main table as a data frame: a line per system; mean, low and high of each metric, seen items filtered."""
        from pandas import DataFrame, MultiIndex

        names = list(next(iter(self.report["systems"].values()))["filtered"])
        columns = MultiIndex.from_product([names, BOUNDS], names=["metric", ""])
        values = [
            [own["filtered"][name][bound] for name in names for bound in BOUNDS]
            for own in self.report["systems"].values()
        ]
        frame = DataFrame(values, columns=columns, index=list(self.report["systems"]))
        frame.index.name = "system"
        return frame

    def frames(self) -> dict[str, DataFrame]:
        """Data frames with a line per figure: ``results``, with and without seen items, and ``differences``."""
        from pandas import DataFrame

        results = [
            {"system": name, "seen items": seen, "metric": metric, **told}
            for name, own in self.report["systems"].items()
            for seen, metrics in (("left out", own["filtered"]), ("ranked too", own["unfiltered"]))
            for metric, told in metrics.items()
        ]
        less = [
            {"system": name, "baseline": self.report["baseline"], "metric": metric, **told}
            for name, metrics in self.report["differences"].items()
            for metric, told in metrics.items()
        ]
        head = ["system", "baseline", "metric", *BOUNDS]
        return {"results": DataFrame(results), "differences": DataFrame(less, columns=head)}

    def plots(self) -> dict[str, Plot]:
        """A plot of each main metric; a notebook draws them."""
        return {metric: plot(metric, _intervals(self.report, metric)) for metric in SHOWN}

    def _repr_html_(self) -> str:
        return render_sections(self.summary())


def table(report: Report) -> str:
    """The main figures as text, seen items filtered."""
    drawn = main_section(report).table
    return aligned_table(*drawn) if drawn else ""


def main_section(report: Report) -> Section:
    """The main figures, a line per system."""
    head = ["system", *SHOWN, "95 % of NDCG@10", "NDCG@10 to baseline", "unfiltered", "cold HR@10"]
    rows = [_row(name, own, report["differences"].get(name)) for name, own in report["systems"].items()]
    return Section("Results", "", ([*head, "cover@10", "ms/query", "train s"], rows))


def metrics_section(report: Report) -> Section:
    """Every metric with its interval, seen items filtered."""
    names = list(next(iter(report["systems"].values()))["filtered"])
    rows = [(name, *(figure(own) for own in _intervals(report, name).values())) for name in names]
    return Section("All metrics", "With 95 % intervals.", (("metric", *report["systems"]), rows))


def protocol_section(report: Report) -> Section:
    """How it was measured, and the command."""
    rows = [
        ("data sha256", report["data"]["sha256"]),
        ("seed", str(report["seed"])),
        ("machine", report["machine"]),
    ]
    rows += [(name, version) for name, version in report["versions"].items()]
    rows += [("command", report["command"])] if report.get("command") else []
    return Section("How to run it again", report["protocol"], (("what", "is"), rows))


def _intervals(report: Report, metric: str) -> dict[str, Interval]:
    return {name: Interval(**own["filtered"][metric]) for name, own in report["systems"].items()}


def _row(name: str, own: Report, difference: Report | None) -> list[str]:
    filtered = {metric: value["mean"] for metric, value in own["filtered"].items()}
    ndcg, seconds = own["filtered"]["NDCG@10"], own["training"].get("seconds")
    change = "baseline"
    if difference:
        own_change = difference["NDCG@10"]
        change = f"{own_change['mean']:+.4f} [{own_change['low']:+.4f}, {own_change['high']:+.4f}]"
    return [
        name,
        *(f"{filtered[metric]:.4f}" for metric in SHOWN),
        f"[{ndcg['low']:.4f}, {ndcg['high']:.4f}]",
        change,
        f"{own['unfiltered']['NDCG@10']['mean']:.4f}",
        f"{own['cold']['HR@10']:.4f}" if own["cold"] else "-",
        f"{own['coverage@10']:.1%}",
        f"{own['latency_ms']['median']:.2f}" if own["latency_ms"] else "-",
        "-" if seconds is None else f"{seconds:.1f}",
    ]


def _accuracy(ranks: Ranks, seed: int) -> Report:
    return _by_name(bootstrap_columns(_columns(ranks), seed=seed))


def _columns(ranks: Ranks) -> npt.NDArray[np.float64]:
    """float64[n, figures], in the order of the names that :func:`_by_name` gives."""
    return np.stack([values(ranks, k) for values in METRICS.values() for k in KS], axis=1)


def _by_name(intervals: Sequence[Any]) -> Report:
    names = [f"{name}@{k}" for name in METRICS for k in KS]
    return {name: asdict(interval) for name, interval in zip(names, intervals, strict=True)}

"""All runs in a folder as one report: for the terminal, as Markdown, as JSON, as a web page, in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tastemaker.evals.browse.browser import CASES_FOLDER, MOST_BYTES, Browser, case_browser
from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.reports.alerts import alert_section
from tastemaker.evals.reports.charts import calibration_section, turns_section
from tastemaker.evals.reports.frames import frames_of, results_frame
from tastemaker.evals.reports.html_page import describe_runs, plots_of, render_page, render_sections
from tastemaker.evals.reports.recall_section import recall_section
from tastemaker.evals.reports.run_sections import (
    accuracy_section,
    cost_section,
    differences_section,
    failures_section,
    outside_section,
    slice_sections,
)
from tastemaker.evals.reports.sections import Plot, Runs, Section, how_to_run, markdown, plain_text, title_of
from tastemaker.evals.reports.summary import (
    failures,
    mean_of,
    percentiles,
    slices_of,
    usage_of,
    vars_of,
    without_model,
)
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.catalog.catalog import Catalog

if TYPE_CHECKING:
    from pandas import DataFrame

MORE: Sequence[Callable[[Runs], Section | None]] = (recall_section, turns_section, calibration_section)
"""Sections that only some runs have."""


def main_sections(runs: Runs) -> Iterator[Section]:
    """What a terminal shows of runs of most kinds: means, and differences if there are several."""
    yield accuracy_section(runs)
    if len(runs.rows) > 1:
        yield differences_section(runs)


@dataclass(frozen=True)
class KindReport:
    """What one kind of run has to tell beside what all kinds have.

    Attributes:
        sections: stand in the report before time and cost.
        figures: of a run by its name, go into the JSON.
        summary: what a terminal shows.
    """

    sections: Callable[[Runs], Iterable[Section]] = lambda _: ()
    figures: Callable[[Runs, str], dict[str, Any]] = lambda *_: {}
    summary: Callable[[Runs], Iterable[Section]] = main_sections


PLAIN = KindReport()


@dataclass(frozen=True)
class RunReport:
    """Runs of one kind, and what there is to say of them; a notebook shows its tables.

    Attributes:
        runs: heads and rows.
        kind: what only this kind of run has to tell.
    """

    runs: Runs
    kind: KindReport = PLAIN

    @classmethod
    def read(cls, paths: Sequence[Path], baseline: str | None = None, kind: KindReport = PLAIN) -> RunReport:
        """Read run folders; for arguments and errors see :meth:`tastemaker.evals.reports.sections.Runs.read`."""
        return cls(Runs.read(paths, baseline), kind)

    @classmethod
    def read_with(
        cls, catalog: Catalog, paths: Sequence[Path], baseline: str | None = None, kind: KindReport = PLAIN
    ) -> RunReport:
        """The same of runs that were just made on a catalogue; its titles are kept beside them."""
        return cls(Runs.read_with(catalog, paths, baseline), kind)

    def summary(self) -> list[Section]:
        """The sections of :meth:`table`."""
        warned = alert_section(self.runs, code=False)
        return [*([warned] if warned else []), *self.kind.summary(self.runs)]

    def sections(self) -> Iterator[Section]:
        """What the report tells, in order."""
        runs = self.runs
        if warned := alert_section(runs):
            yield warned
        yield from main_sections(runs)
        yield from (found for make in MORE if (found := make(runs)))
        yield from slice_sections(runs)
        yield from self.kind.sections(runs)
        yield cost_section(runs)
        if any("outside" in row or "gold_outside" in row for rows in runs.rows.values() for row in rows):
            yield outside_section(runs)
        yield failures_section(runs)
        yield how_to_run(runs)

    def table(self) -> str:
        """The main figures as text, tables in Markdown."""
        return plain_text(self.summary())

    def figures(self) -> dict[str, Any]:
        """All means, differences, slices and costs, with the heads of the runs; fit for JSON."""
        figures = {
            name: self._run_figures(name) | self.kind.figures(self.runs, name) for name in self.runs.rows
        }
        return {"baseline": self.runs.baseline, "runs": figures}

    def frame(self) -> DataFrame:
        """The main table as a data frame: a line per system; mean, low and high of each metric."""
        return results_frame(self.runs)

    def frames(self) -> dict[str, DataFrame]:
        """All tables as data frames, see :func:`tastemaker.evals.reports.frames.frames_of`."""
        return frames_of(self.runs)

    def plots(self) -> dict[str, Plot]:
        """All plots by what they show; a notebook draws them."""
        drawn = [*plots_of(self.runs), *(plot for part in self.sections() for plot in part.plots())]
        return {plot.caption.partition(":")[0]: plot for plot in drawn}

    def write_reports(self, folder: Path | str) -> None:
        """Write ``report.md`` and ``report.html``, which lets one look through the cases, into a folder."""
        write_report_files(Path(folder), self.runs, list(self.sections()), browse(self.runs))

    def _repr_html_(self) -> str:
        return render_sections(self.summary())

    def _run_figures(self, name: str) -> dict[str, Any]:
        runs, rows = self.runs, self.runs.rows[name]
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


def browse(runs: Runs, folder: str = CASES_FOLDER, most_bytes: int = MOST_BYTES) -> Browser | None:
    """The cases of runs to look through; ``folder`` is where a page finds what does not fit into it."""
    return case_browser(
        runs.rows,
        runs.headline_metrics,
        baseline=runs.baseline,
        titles=runs.titles,
        folder=folder,
        most_bytes=most_bytes,
    )


def write_report_files(
    folder: Path, runs: Runs, parts: Sequence[Section], browser: Browser | None = None
) -> None:
    """Write ``report.md`` and ``report.html`` of some sections about runs, with the files that the cases need."""
    write_atomically(folder / "report.md", markdown(title_of(runs), parts).encode())
    if browser:
        browser.write_files(folder)
    write_atomically(folder / "report.html", page_of(runs, parts, browser).encode())


def page_of(runs: Runs, parts: Sequence[Section], browser: Browser | None = None) -> str:
    """The web page of some sections about runs."""
    return render_page(title_of(runs), describe_runs(runs), parts, plots_of(runs), browser)


def _intervals_json(intervals: Mapping[str, Interval | None]) -> dict[str, dict[str, Any]]:
    return {name: vars_of(interval) for name, interval in intervals.items() if interval is not None}

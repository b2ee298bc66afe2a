"""The sections that runs of any kind have: results, differences, slices, time and cost, failures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.reports.charts import difference_plots, slice_plots
from tastemaker.evals.reports.counts import count_words
from tastemaker.evals.reports.sections import Runs, Section, figure, signed_interval
from tastemaker.evals.reports.summary import (
    MIN_SLICE_CASES,
    failures,
    mean_of,
    pair_values,
    percentiles,
    slices_of,
    usage_of,
    vars_of,
    without_model,
)
from tastemaker.evals.runs.run_folder import Row

SHOWN_FAILURES = 20


def accuracy_section(runs: Runs) -> Section:
    """Means of the metrics that the runs are about, a line per system."""
    rows = [
        (name, f"{len(held):,}", *(figure(runs.mean(name, metric)) for metric in runs.headline_metrics))
        for name, held in runs.rows.items()
    ]
    failed = [
        f"{len(lost):,} of {len(held):,} cases of {name} were answered in part without the language model, "
        "which failed."
        for name, held in runs.rows.items()
        if (lost := without_model(held))
    ]
    return Section(
        "Results", " ".join([count_words(runs), *failed]), (("system", "cases", *runs.headline_metrics), rows)
    )


def differences_section(runs: Runs) -> Section:
    """Paired differences to the baseline."""
    rows = [
        (
            name,
            f"{len(pair_values(held, runs.rows[runs.baseline], runs.headline)):,}",
            *(
                signed_interval(vars_of(told)) if (told := runs.less_baseline(name, metric)) else "-"
                for metric in runs.headline_metrics
            ),
        )
        for name, held in runs.rows.items()
        if name != runs.baseline
    ]
    how = f"Paired differences to {runs.baseline} on the same cases; an interval without zero is more than chance."
    table = (("system", "shared cases", *runs.headline_metrics), rows) if rows else None
    return Section(f"Compared with {runs.baseline}", how, table, partial(difference_plots, runs))


def slice_sections(runs: Runs) -> Iterator[Section]:
    """The main metric per slice; a section per kind of slice with two values or more."""
    by_run = {name: slices_of(rows) for name, rows in runs.rows.items()}
    for slice_name in dict.fromkeys(name for found in by_run.values() for name in found):
        values = dict.fromkeys(v for found in by_run.values() for v in found.get(slice_name, {}))
        if len(values) < 2:
            continue
        told = {value: _by_run(by_run, slice_name, value, runs.headline) for value in values}
        rows = [
            (
                value,
                f"{max((n for _, n in own.values()), default=0):,}",
                *(figure(own[run][0] if run in own else None) for run in by_run),
            )
            for value, own in told.items()
        ]
        draw = partial(slice_plots, runs.headline, slice_name, told)
        yield Section(
            f"By {slice_name}",
            f"Means of {runs.headline} over the cases of each value that have the figure; values of fewer than "
            f"{MIN_SLICE_CASES} cases are left out.",
            ((slice_name, f"cases with {runs.headline}", *by_run), rows),
            draw,
        )


def _by_run(
    by_run: Mapping[str, Mapping[str, Mapping[str, Sequence[Row]]]], name: str, value: str, metric: str
) -> dict[str, tuple[Interval, int]]:
    """Run -> mean and number of cases with the figure, of one value of a slice."""
    held = {run: found.get(name, {}).get(value, ()) for run, found in by_run.items()}
    return {
        run: (mean, sum((row.get("metrics") or {}).get(metric) is not None for row in rows))
        for run, rows in held.items()
        if (mean := mean_of(rows, metric))
    }


def cost_section(runs: Runs) -> Section:
    """Seconds, calls, tokens and cost per case."""
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


def outside_section(runs: Runs) -> Section:
    """What the catalogue lacks: items to find, and titles answered."""
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


def failures_section(runs: Runs) -> Section:
    """Cases without an answer, the first of them named."""
    found = [
        (name, row["case"], str(row["error"])[:200])
        for name, rows in runs.rows.items()
        for row in failures(rows)
    ]
    told = f"{len(found):,} cases without an answer; they count as misses." + (
        f" The first {SHOWN_FAILURES}:" if len(found) > SHOWN_FAILURES else ""
    )
    return Section("Failures", told, (("system", "case", "error"), found[:SHOWN_FAILURES]) if found else None)

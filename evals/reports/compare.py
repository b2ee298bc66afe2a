"""Runs side by side on the cases they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.reports.sections import Section, signed_interval
from tastemaker.evals.reports.summary import (
    HEADLINE,
    difference,
    headline,
    largest_changes,
    metric_names,
    pair_values,
    vars_of,
)
from tastemaker.evals.runs.run_folder import read_run
from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError, DataError


def compare_runs(first: Path, others: Sequence[Path], metric: str | None = None) -> dict[str, Any]:
    """Paired differences of runs to a first one, and the cases that changed most.

    Raises:
        ConfigError: a metric that the first run does not have.
        DataError: no runs, of different kinds, or without a case in common.
    """
    head, rows = read_run(first)
    names = metric_names(rows)
    metric = metric or headline(names)
    if metric not in names:
        raise ConfigError(f"no metric {metric!r} in {first}; {nearest_of(metric, names)}")
    found: dict[str, Any] = {"baseline": str(first), "kind": head["kind"], "metric": metric, "runs": []}
    for path in others:
        other, theirs = read_run(path)
        if other["kind"] != head["kind"]:
            raise DataError(f"a run of {other['kind']} cannot be compared with one of {head['kind']}", path)
        shared = pair_values(theirs, rows, metric)
        if not shared:
            raise DataError(f"no case with {metric} in common with {first}", path)
        differences = {
            name: told
            for name in names
            if (told := _interval_json(difference(theirs, rows, name, head["seed"]))) is not None
        }
        found["runs"].append(
            {
                "run": str(path),
                "system": other["system"],
                "shared": len(shared),
                "only_here": len(theirs) - len({r["case"] for r in theirs} & {r["case"] for r in rows}),
                "only_baseline": len(rows) - len({r["case"] for r in theirs} & {r["case"] for r in rows}),
                "differences": differences,
                "changed": [vars_of(one) for one in largest_changes(theirs, rows, metric)],
            }
        )
    return found


def comparison_sections(result: dict[str, Any]) -> Iterator[Section]:
    """The comparison for people."""
    yield Section("Comparison", f"baseline: {result['baseline']}")
    for one in result["runs"]:
        names = [name for name in HEADLINE if name in one["differences"]] or list(one["differences"])[:6]
        rows = [(name, signed_interval(one["differences"][name])) for name in names]
        shared = f"{one['run']}: {one['shared']:,} shared cases"
        if one["only_here"] or one["only_baseline"]:
            shared += f", {one['only_here']:,} only here, {one['only_baseline']:,} only in the baseline"
        yield Section(one["system"], shared, (("metric", "difference, 95 % interval"), rows))
        if one["changed"]:
            moved = [(c["case"], f"{c['before']:.3f}", f"{c['after']:.3f}") for c in one["changed"]]
            yield Section(
                "Changed most", "", ((f"changed most in {result['metric']}", "before", "after"), moved)
            )


def _interval_json(interval: Interval | None) -> dict[str, float] | None:
    return None if interval is None else vars_of(interval)

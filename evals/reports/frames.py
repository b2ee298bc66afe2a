"""What runs tell as pandas data frames, a line per figure: to filter, join and draw in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.reports.recall_section import recall_by_item
from tastemaker.evals.reports.sections import Runs
from tastemaker.evals.reports.summary import mean_of, slices_of

if TYPE_CHECKING:
    from pandas import DataFrame


def frames_of(runs: Runs) -> dict[str, DataFrame]:
    """Every table of some runs.

    Returns:
        ``results``: system, metric, mean, low, high, cases that have the figure. ``differences``: paired, to the
        baseline. ``slices``: the same as results by slice and value. ``by_item``: recall over items in place of
        moments. ``cases``: a line per system and case with all its metrics, slices, seconds and error.
    """
    from pandas import DataFrame

    return {
        "results": DataFrame(_results(runs), columns=["system", "metric", "mean", "low", "high", "cases"]),
        "differences": DataFrame(
            _differences(runs), columns=["system", "baseline", "metric", "mean", "low", "high"]
        ),
        "slices": DataFrame(
            _slices(runs), columns=["system", "slice", "value", "metric", "mean", "low", "high", "cases"]
        ),
        "by_item": DataFrame(_by_item(runs), columns=["system", "metric", "mean", "low", "high"]),
        "cases": DataFrame(_cases(runs)),
    }


def results_frame(runs: Runs) -> DataFrame:
    """The main table: a line per system; mean, low and high of each metric that the runs are about."""
    from pandas import DataFrame, MultiIndex

    metrics = runs.headline_metrics
    columns = MultiIndex.from_product([metrics, ["mean", "low", "high"]], names=["metric", ""])
    values = [
        [value for metric in metrics for value in _bounds(runs.mean(name, metric))] for name in runs.rows
    ]
    frame = DataFrame(values, columns=columns, index=list(runs.rows))
    frame.index.name = "system"
    return frame


def _bounds(told: Interval | None) -> tuple[float, float, float]:
    return (float("nan"),) * 3 if told is None else (told.mean, told.low, told.high)


def _results(runs: Runs) -> Iterable[Mapping[str, Any]]:
    return [
        {"system": name, "metric": metric, **vars(told), "cases": _n(rows, metric)}
        for name, rows in runs.rows.items()
        for metric in runs.metrics
        if (told := runs.mean(name, metric))
    ]


def _differences(runs: Runs) -> Iterable[Mapping[str, Any]]:
    return [
        {"system": name, "baseline": runs.baseline, "metric": metric, **vars(told)}
        for name in runs.rows
        if name != runs.baseline
        for metric in runs.metrics
        if (told := runs.less_baseline(name, metric))
    ]


def _slices(runs: Runs) -> Iterable[Mapping[str, Any]]:
    return [
        {
            "system": name,
            "slice": kind,
            "value": value,
            "metric": metric,
            **vars(told),
            "cases": _n(held, metric),
        }
        for name, rows in runs.rows.items()
        for kind, values in slices_of(rows).items()
        for value, held in values.items()
        for metric in runs.headline_metrics
        if (told := mean_of(held, metric, runs.heads[name]["seed"]))
    ]


def _by_item(runs: Runs) -> Iterable[Mapping[str, Any]]:
    return [
        {"system": name, "metric": metric, **vars(told)}
        for name, rows in runs.rows.items()
        for metric in runs.metrics
        if metric.startswith("recall@") and (told := recall_by_item(rows, metric, runs.heads[name]["seed"]))
    ]


def _cases(runs: Runs) -> Iterable[Mapping[str, Any]]:
    return [
        {
            "system": name,
            "case": row["case"],
            "group": row.get("group"),
            "seconds": row.get("seconds"),
            "error": row.get("error"),
            **(row.get("metrics") or {}),
            **{f"slice: {kind}": value for kind, value in (row.get("slices") or {}).items()},
        }
        for name, rows in runs.rows.items()
        for row in rows
    ]


def _n(rows: Iterable[Mapping[str, Any]], metric: str) -> int:
    return sum((row.get("metrics") or {}).get(metric) is not None for row in rows)

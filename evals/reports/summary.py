"""What a run's rows say: means with intervals, slices, latency, cost, and differences to another run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.metrics.cluster_bootstrap import ratio
from tastemaker.evals.runs.run_folder import Row
from tastemaker.retrieval.errors import DataError

HEADLINE = ("ndcg@10", "recall@1", "recall@10", "recall@50", "mrr@10", "success")
"""What a report tells first, of what a kind of run has."""

MIN_SLICE_CASES = 10
"""Smaller slices say nothing and are left out."""

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """One case that two runs answered differently."""

    case: str
    before: float
    after: float


def metric_names(rows: Sequence[Row]) -> list[str]:
    """All metrics that any row has, in order of first appearance."""
    return list(dict.fromkeys(name for row in rows for name in row.get("metrics") or {}))


def mean_of(rows: Sequence[Row], metric: str, seed: int = 0) -> Interval | None:
    """Mean of a metric over the rows that have it, with a bootstrap interval over groups; None without any."""
    held = [
        (row["group"], float(value))
        for row in rows
        if (value := (row.get("metrics") or {}).get(metric)) is not None
    ]
    if not held:
        return None
    return cluster_mean([group for group, _ in held], [value for _, value in held], seed)


def difference(rows: Sequence[Row], others: Sequence[Row], metric: str, seed: int = 0) -> Interval | None:
    """Mean of rows less others over the cases that both have, with an interval; None without any."""
    pairs = pair_values(rows, others, metric)
    if not pairs:
        return None
    group = {row["case"]: row["group"] for row in rows}
    return cluster_mean(
        [group[case] for case in pairs], [mine - theirs for mine, theirs in pairs.values()], seed
    )


def pair_values(rows: Sequence[Row], others: Sequence[Row], metric: str) -> dict[str, tuple[float, float]]:
    """Case -> (value, other's value) where both have one."""
    theirs = {row["case"]: (row.get("metrics") or {}).get(metric) for row in others}
    mine = {row["case"]: (row.get("metrics") or {}).get(metric) for row in rows}
    return {
        case: (float(value), float(other))
        for case, value in mine.items()
        if value is not None and (other := theirs.get(case)) is not None
    }


def largest_changes(rows: Sequence[Row], others: Sequence[Row], metric: str, most: int = 10) -> list[Change]:
    """The cases that changed most from the others to the rows, both ways."""
    pairs = pair_values(rows, others, metric)
    found = [Change(case, theirs, mine) for case, (mine, theirs) in pairs.items() if mine != theirs]
    return sorted(found, key=lambda one: (-abs(one.after - one.before), one.case))[:most]


def cluster_mean(groups: Sequence[str], values: Sequence[float], seed: int = 0) -> Interval:
    """Mean with a percentile bootstrap in which whole groups are drawn: cases of one conversation depend on each other.

    Raises:
        DataError: no values.

    >>> cluster_mean(["a", "a", "b"], [1.0, 1.0, 1.0])
    Interval(mean=1.0, low=1.0, high=1.0)
    """
    if not len(values):
        raise DataError("an interval needs at least one value")
    return ratio(groups, np.asarray(values, np.float64), np.ones(len(values)), seed)


def slices_of(rows: Sequence[Row]) -> dict[str, dict[str, list[Row]]]:
    """Slice -> value -> rows, values in order; those with few rows left out."""
    found: dict[str, dict[str, list[Row]]] = {}
    for row in rows:
        for name, value in (row.get("slices") or {}).items():
            found.setdefault(name, {}).setdefault(value, []).append(row)
    return {
        name: {value: held for value, held in sorted(values.items()) if len(held) >= MIN_SLICE_CASES}
        for name, values in found.items()
    }


def failures(rows: Sequence[Row]) -> list[Row]:
    """Rows without an answer; they count as misses."""
    return [row for row in rows if row.get("error")]


def without_model(rows: Sequence[Row]) -> list[Row]:
    """Answered rows in which a language model was asked and failed, so that rules did its part."""
    return [row for row in rows if any(map(_failed_model, row.get("trace") or ()))]


def _failed_model(event: Mapping[str, object]) -> bool:
    return event.get("kind") == "fallback" and bool(event.get("model_failed"))


def percentiles(values: Iterable[float | None]) -> tuple[float, float] | None:
    """Median and 95th percentile of what is known.

    >>> percentiles([1.0, None, 3.0])
    (2.0, 2.9)
    """
    known = [value for value in values if value is not None]
    if not known:
        return None
    middle, late = np.percentile(known, [50, 95])
    return round(float(middle), 5), round(float(late), 5)


def usage_of(rows: Sequence[Row]) -> Mapping[str, float]:
    """Calls, tokens and cost per case."""
    told = [row["usage"] for row in rows if row.get("usage")]
    names = dict.fromkeys(
        name for one in told for name, value in one.items() if isinstance(value, int | float)
    )
    return {name: float(np.mean([one.get(name, 0) for one in told])) for name in names}


def headline(names: Sequence[str]) -> str:
    """The metric that a kind of run is about."""
    return next((name for name in HEADLINE if name in names), names[0] if names else "")


def vars_of(one: Any) -> dict[str, Any]:
    """A small dataclass as a dictionary, numbers rounded."""
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in vars(one).items()}

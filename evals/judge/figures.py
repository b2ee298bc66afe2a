"""The figures of judged runs: ratios and percentiles with intervals that draw whole groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tastemaker.evals.judge.judge import MEASURES, JudgedRun
from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.metrics.cluster_bootstrap import draws, interval_of, number_groups, ratio

PERCENTILES = (50, 95)
TIMES = {"first item": "first_seconds", "whole reply": "seconds"}
NOT_RECORDED, NOTHING_TO_JUDGE = "not recorded", "-"

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """One figure of a run.

    Attributes:
        value: with its interval; None where there is none.
        over: how many things (replies, sentences, items, lists) it is over.
        recorded: whether the rows hold what it takes.
    """

    value: Interval | None
    over: int
    recorded: bool

    def as_json(self) -> dict[str, Any]:
        """Mean, low, high and over; or that nothing was recorded."""
        told = {name: round(value, 6) for name, value in asdict(self.value).items()} if self.value else {}
        return {**told, "over": self.over, "recorded": self.recorded}


def measure(run: JudgedRun, name: str) -> Figure:
    """A measure of :data:`tastemaker.evals.judge.judge.MEASURES`: the ratio of its sums."""
    held = [(one.reply.group, one.tallies[name]) for one in run.verdicts if one.tallies[name] is not None]
    answered = any(not one.reply.failed and one.tallies[name] is not None for one in run.verdicts)
    recorded = answered or all(one.reply.failed for one in run.verdicts)
    if not recorded:
        return Figure(None, 0, recorded=False)
    sums = np.array([tally[0] for _, tally in held if tally], np.float64)
    sizes = np.array([tally[1] for _, tally in held if tally], np.float64)
    over = int(sizes.sum())
    if not over:
        return Figure(None, 0, recorded=True)
    return Figure(ratio([group for group, _ in held], sums, sizes, run.head["seed"]), over, recorded=True)


def seconds(run: JudgedRun, name: str, percentile: int) -> Figure:
    """A percentile of a time of :data:`TIMES`, over the replies for which it is known."""
    known = [
        (one.reply.group, value)
        for one in run.verdicts
        if (value := getattr(one.reply, TIMES[name])) is not None
    ]
    if not known:
        return Figure(None, 0, recorded=False)
    values = np.array([value for _, value in known], np.float64)
    told = percentile_of([group for group, _ in known], values, percentile, run.head["seed"])
    return Figure(told, len(known), recorded=True)


def percentile_of(groups: Sequence[str], values: Values, percentile: int, seed: int = 0) -> Interval:
    """A percentile (the smallest value that so many in a hundred do not exceed), with a bootstrap over groups.

    >>> percentile_of(["a", "b", "c"], np.array([3.0, 1.0, 2.0]), 50).mean
    2.0
    """
    of, n = number_groups(groups)
    order = np.argsort(values, kind="stable")
    ordered, drawn = values[order], draws(n, seed)

    def at(weights: Values) -> float:
        cumulated = np.cumsum(weights)
        return float(ordered[np.searchsorted(cumulated, percentile / 100 * cumulated[-1] - 1e-9)])

    of_ordered = of[order]
    return interval_of(at(np.ones(len(values))), np.array([at(one[of_ordered]) for one in drawn]))


def rows_of(run: JudgedRun) -> dict[str, Figure]:
    """All figures of a run by name, in the order of the report."""
    found = {name: measure(run, name) for name in MEASURES}
    for name in TIMES:
        found |= {f"{name}, p{percentile} s": seconds(run, name, percentile) for percentile in PERCENTILES}
    return found

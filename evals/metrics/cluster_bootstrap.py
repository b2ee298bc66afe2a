"""Bootstrap intervals that draw whole groups, since what happens in one conversation depends on each other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.bootstrap import LEVEL, RESAMPLES, Interval

Values = npt.NDArray[np.float64]

KEPT = 4
"""Draws that are remembered: a report asks for the same ones figure after figure, and they take 16 kB a group."""


def ratio(groups: Sequence[str], sums: Values, sizes: Values, seed: int = 0) -> Interval:
    """Sum of ``sums`` over sum of ``sizes``, with a percentile bootstrap over groups.

    >>> ratio(["a", "b"], np.array([1.0, 1.0]), np.array([2.0, 2.0]))
    Interval(mean=0.5, low=0.5, high=0.5)
    """
    of, n = number_groups(groups)
    above, below = np.bincount(of, weights=sums, minlength=n), np.bincount(of, weights=sizes, minlength=n)
    drawn = draws(n, seed)
    totals = drawn @ below
    resampled = (drawn @ above)[totals > 0] / totals[totals > 0]
    return interval_of(float(sums.sum() / sizes.sum()), resampled)


def interval_of(value: float, resampled: Values) -> Interval:
    """A figure with the interval that its resampled values give."""
    low, high = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(low), float(high))


def number_groups(groups: Sequence[str]) -> tuple[npt.NDArray[np.int64], int]:
    """The number of each group in order of first appearance, int64[n], and how many there are."""
    names = {name: n for n, name in enumerate(dict.fromkeys(groups))}
    return np.array([names[group] for group in groups], np.int64), len(names)


@lru_cache(KEPT)
def draws(n: int, seed: int) -> Values:
    """How often each of n groups is drawn, float64[resamples, n], read-only."""
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES).astype(np.float64)
    drawn.setflags(write=False)
    return drawn

"""How sure a mean is: bootstrap intervals, and differences of two systems on the same people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.errors import DataError

LEVEL = 0.95
RESAMPLES = 2000


@dataclass(frozen=True)
class Interval:
    """A mean and the interval that holds it at some level."""

    mean: float
    low: float
    high: float


def bootstrap_columns(
    values: npt.ArrayLike, *, level: float = LEVEL, resamples: int = RESAMPLES, seed: int = 0
) -> list[Interval]:
    """Percentile bootstrap of several means over the same people (Efron, 1979).

    Every column is resampled with the same people, so columns can be compared.

    Args:
        values: float[n, m], a row per person and a column per figure.
        level: share of resampled means inside the interval.
        resamples: how many samples of n are drawn with replacement.
        seed: equal seeds give equal intervals.

    Raises:
        DataError: no people.

    >>> bootstrap_columns([[1.0, 2.0], [1.0, 2.0]])[1]
    Interval(mean=2.0, low=2.0, high=2.0)
    """
    people = np.asarray(values, np.float64)
    if not len(people):
        raise DataError("an interval needs at least one value")
    random, n = np.random.default_rng(seed), len(people)
    means = np.empty((resamples, people.shape[1]))
    for resample in range(resamples):
        drawn = np.bincount(random.integers(n, size=n), minlength=n)
        means[resample] = drawn @ people / n
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=0)
    columns = zip(people.mean(axis=0), low, high, strict=True)
    return [Interval(float(mean), float(lowest), float(highest)) for mean, lowest, highest in columns]


def bootstrap(
    values: npt.ArrayLike, *, level: float = LEVEL, resamples: int = RESAMPLES, seed: int = 0
) -> Interval:
    """:func:`bootstrap_columns` of one figure, float[n].

    >>> bootstrap([1.0, 1.0, 1.0])
    Interval(mean=1.0, low=1.0, high=1.0)
    """
    column = np.asarray(values, np.float64)[:, None]
    return bootstrap_columns(column, level=level, resamples=resamples, seed=seed)[0]


def paired_difference(
    values: npt.ArrayLike,
    others: npt.ArrayLike,
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Bootstrap of the mean difference between two systems on the same people, in the same order.

    Raises:
        DataError: the two have unequal lengths, or none.

    >>> paired_difference([0.5, 1.0], [0.25, 0.75]).mean
    0.25
    """
    ours, theirs = np.asarray(values, np.float64), np.asarray(others, np.float64)
    if ours.shape != theirs.shape:
        raise DataError(f"paired values must be of the same people, got {len(ours)} and {len(theirs)}")
    return bootstrap(ours - theirs, level=level, resamples=resamples, seed=seed)

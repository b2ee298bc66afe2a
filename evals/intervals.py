"""How sure a mean is: bootstrap intervals, and differences of two systems on the same people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.errors import DataError


@dataclass(frozen=True)
class Interval:
    """A mean and the interval that holds it at some level."""

    mean: float
    low: float
    high: float

    def excludes_zero(self) -> bool:
        """Whether zero lies outside: for a difference, whether it is more than chance."""
        return self.low > 0 or self.high < 0


def bootstrap(
    values: npt.ArrayLike, *, level: float = 0.95, resamples: int = 2000, seed: int = 0
) -> Interval:
    """Percentile bootstrap of a mean over people (Efron, 1979).

    Args:
        values: float[n], one per person.
        level: share of resampled means inside the interval.
        resamples: how many samples of n are drawn with replacement.
        seed: equal seeds give equal intervals.

    Raises:
        DataError: no values.

    >>> bootstrap([1.0, 1.0, 1.0])
    Interval(mean=1.0, low=1.0, high=1.0)
    """
    sample = np.asarray(values, np.float64)
    if not len(sample):
        raise DataError("an interval needs at least one value")
    random = np.random.default_rng(seed)
    means = [sample[random.integers(len(sample), size=len(sample))].mean() for _ in range(resamples)]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(sample.mean()), float(low), float(high))


def paired_difference(
    values: npt.ArrayLike, others: npt.ArrayLike, *, level: float = 0.95, resamples: int = 2000, seed: int = 0
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

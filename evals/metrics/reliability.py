"""Whether chances are what they say: of items given a chance of .1, one in ten should be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.metrics.cluster_bootstrap import ratio

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Answers of about one chance.

    Attributes:
        chance: their mean chance.
        right: share of them that were right, with an interval over groups.
        n: how many.
    """

    chance: float
    right: Interval
    n: int


def reliability(
    groups: Sequence[str], chances: Sequence[float], right: Sequence[bool], *, bins: int = BINS, seed: int = 0
) -> list[Bin]:
    """Answers in bins of equal numbers, the least likely first (Niculescu-Mizil and Caruana, 2005, with equal numbers
    in place of equal widths, since most chances are small).

    Args:
        groups: the conversation of each answer.
        chances: of each, in [0, 1].
        right: whether it was.
        bins: at most so many; fewer where there are fewer answers.
        seed: of the intervals.

    >>> [(one.chance, one.right.mean, one.n) for one in reliability("ab", [0.2, 0.6], [False, True], bins=2)]
    [(0.2, 0.0, 1), (0.6, 1.0, 1)]
    """
    told, hit = np.asarray(chances, np.float64), np.asarray(right, np.float64)
    order = np.argsort(told, kind="stable")
    return [
        Bin(float(told[part].mean()), _share([groups[n] for n in part], hit[part], seed), len(part))
        for part in np.array_split(order, min(bins, len(order)))
        if len(part)
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """How far chance and share lie apart, a mean over all answers (Naeini et al., 2015).

    >>> round(calibration_error([Bin(0.2, Interval(0.0, 0.0, 0.0), 1), Bin(0.6, Interval(1.0, 1.0, 1.0), 1)]), 6)
    0.3
    """
    total = sum(one.n for one in bins)
    return sum(one.n * abs(one.chance - one.right.mean) for one in bins) / total


def _share(groups: Sequence[str], right: npt.NDArray[np.float64], seed: int) -> Interval:
    return ratio(groups, right, np.ones(len(right)), seed)

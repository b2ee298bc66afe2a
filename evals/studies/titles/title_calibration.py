"""From the likeness of a match to the probability that it is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import isotonic_regression

BINS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 1.0)


def fit_curve(answers: Iterable[tuple[float, bool]]) -> tuple[list[float], list[float]]:
    """Likenesses, ascending, and the probability at each: an isotonic fit to answers that were right or not.

    Each likeness counts as one more right and one more wrong answer, so that no probability is 0 or 1.

    >>> fit_curve([(0.5, False), (1.0, True), (1.0, True)])
    ([0.5, 1.0], [0.3333, 0.75])
    """
    seen: dict[float, list[bool]] = defaultdict(list)
    for likeness, is_right in answers:
        seen[likeness].append(is_right)
    likenesses = sorted(seen)
    rates = np.array([(sum(seen[one]) + 1) / (len(seen[one]) + 2) for one in likenesses])
    weights = np.array([len(seen[one]) + 2.0 for one in likenesses])
    fitted = isotonic_regression(rates, weights=weights).x
    return likenesses, [round(float(one), 4) for one in fitted]


@dataclass(frozen=True)
class Reliability:
    """Answers whose score lay in a range: how many, what was promised, and how often it was kept."""

    low: float
    high: float
    count: int
    promised: float
    kept: float


def reliability(answers: Sequence[tuple[float, bool]]) -> list[Reliability]:
    """One row per range of ``BINS`` that holds answers.

    >>> reliability([(0.97, True), (0.96, False)])
    [Reliability(low=0.95, high=0.98, count=2, promised=0.965, kept=0.5)]
    """
    rows = []
    for low, high in pairwise(BINS):
        inside = [(score, ok) for score, ok in answers if low <= score < high or score == high == BINS[-1]]
        if inside:
            scores, kept = zip(*inside, strict=True)
            rows.append(Reliability(low, high, len(inside), float(np.mean(scores)), float(np.mean(kept))))
    return rows

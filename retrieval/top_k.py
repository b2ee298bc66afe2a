"""The best k of a score vector, ties broken by row, without sorting the whole of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def top_k(scores: npt.NDArray[np.float32], k: int) -> npt.NDArray[np.int64]:
    """Positions of the k highest scores, the best first; equal scores in order of position.

    Minus infinity and NaN mean "not to be returned", so the answer may be shorter than k.

    >>> top_k(np.array([1, 3, 2, 3, -np.inf], np.float32), 3)
    array([1, 3, 2])
    >>> top_k(np.array([1, -np.inf], np.float32), 3)
    array([0])
    """
    scores = np.where(np.isnan(scores), np.float32(-np.inf), scores)
    floor = -np.inf
    if k < len(scores):
        floor = np.partition(scores, len(scores) - k)[len(scores) - k]
    above = np.flatnonzero((scores >= floor) & (scores > -np.inf))
    best = np.argsort(-scores[above], kind="stable")[:k]
    return above[best].astype(np.int64)

"""Accuracy of a ranking from the 1-based rank of the one item that was really taken next.

A person for whom a system failed has rank :data:`MISS` and counts like any other.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ranks = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

MISS = np.iinfo(np.int64).max - 1
"""The rank of a target that was not ranked at all."""


def hit_rate(ranks: Ranks, k: int) -> Values:
    """Per person: 1 where the target is among the first k, else 0. Shape [n].

    >>> hit_rate(np.array([1, 3, 4]), k=3)
    array([1., 1., 0.])
    """
    return (ranks <= k).astype(np.float64)


def ndcg(ranks: Ranks, k: int) -> Values:
    """Per person: 1 / log2(rank + 1) within the first k, else 0. Shape [n].

    With one relevant item the ideal gain is 1. Rank 1 gives 1 / log2(2) = 1,
    rank 3 gives 1 / log2(4) = 0.5.

    >>> ndcg(np.array([1, 3, 4]), k=3)
    array([1. , 0.5, 0. ])
    """
    return np.where(ranks <= k, 1 / np.log2(ranks + 1.0), 0.0)


def reciprocal_rank(ranks: Ranks, k: int) -> Values:
    """Per person: 1 / rank within the first k, else 0; its mean is MRR@k. Shape [n].

    >>> reciprocal_rank(np.array([1, 2, 4]), k=3)
    array([1. , 0.5, 0. ])
    """
    return np.where(ranks <= k, 1.0 / ranks, 0.0)


METRICS = {"HR": hit_rate, "NDCG": ndcg, "MRR": reciprocal_rank}
"""Name -> per-person values at k; the reported figure is their mean over all persons."""

"""The rank of the item that a person really took next; what every accuracy metric starts from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def target_rank(
    scores: npt.NDArray[np.float32], target: int, seen: npt.NDArray[np.int64] | None = None
) -> int:
    """1-based rank of ``target`` among all items, ``seen`` rows left out.

    Ties count against the target, and so does a score that is NaN: a model that
    gives all items the same score ranks everything last.

    >>> scores = np.array([0.9, 0.5, 0.7, 0.5], np.float32)
    >>> target_rank(scores, 2), target_rank(scores, 1), target_rank(scores, 1, seen=np.array([0]))
    (2, 4, 3)
    """
    ahead = ~(scores < scores[target])  # includes the target itself, and NaN
    if seen is not None:
        own = ahead[target]
        ahead[seen] = False
        ahead[target] = own
    return int(np.count_nonzero(ahead))


def mean_ndcg(ranks: npt.NDArray[np.int64], k: int = 10) -> float:
    """Mean NDCG@k of single targets: 1 / log2(rank + 1) within the first k, else 0.

    >>> mean_ndcg(np.array([1, 3, 11]))
    0.5
    """
    return float(np.mean(np.where(ranks <= k, 1 / np.log2(ranks + 1), 0.0)))

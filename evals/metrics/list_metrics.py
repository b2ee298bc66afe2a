"""Accuracy of one ranked list where several items may be right."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from math import log2

KS = (1, 5, 10, 20, 50)


def recall(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """Share of the right items that are among the first k.

    >>> recall(["a", "b", "c"], {"b", "x"}, k=2)
    0.5
    """
    return len(set(ranked[:k]) & set(gold)) / len(set(gold))


def ndcg(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """Sum of 1 / log2(rank + 1) over right items among the first k, over the most that it could be.

    Right at rank 1 and 3 of 3, two right items in all: (1 + .5) / (1 + .6309).

    >>> round(ndcg(["a", "b", "c"], {"a", "c"}, k=3), 4)
    0.9197
    """
    right = set(gold)
    gain = sum(1 / log2(rank + 1) for rank, item in enumerate(ranked[:k], 1) if item in right)
    return gain / sum(1 / log2(rank + 1) for rank in range(1, min(k, len(right)) + 1))


def reciprocal_rank(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """1 / rank of the first right item among the first k, else 0.

    >>> reciprocal_rank(["a", "b", "c"], {"b", "c"}, k=3)
    0.5
    """
    right = set(gold)
    return next((1 / rank for rank, item in enumerate(ranked[:k], 1) if item in right), 0.0)


METRICS: Mapping[str, Callable[[Sequence[str], Collection[str], int], float]] = {
    "recall": recall,
    "ndcg": ndcg,
    "mrr": reciprocal_rank,
}


def all_metrics(ranked: Sequence[str], gold: Collection[str], prefix: str = "") -> dict[str, float | None]:
    """Every metric at every k; None for all where nothing is right.

    >>> all_metrics(["a"], {"a"})["ndcg@10"], all_metrics(["a"], set(), "all.")["all.mrr@1"]
    (1.0, None)
    """
    return {
        f"{prefix}{name}@{k}": metric(ranked, gold, k) if gold else None
        for name, metric in METRICS.items()
        for k in KS
    }

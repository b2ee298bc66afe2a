"""How far two lists for one turn agree, and what changed from one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import kendalltau


def overlap(one: Sequence[str], other: Sequence[str], k: int) -> float | None:
    """Share of common items among the first k; None where both are empty.

    >>> overlap(["a", "b", "c"], ["b", "d", "a"], 2), overlap(["a"], ["a", "b"], 2), overlap([], [], 2)
    (0.5, 0.5, None)
    """
    most = max(len(one[:k]), len(other[:k]))
    return len(set(one[:k]) & set(other[:k])) / most if most else None


def rank_correlation(one: Sequence[str], other: Sequence[str]) -> float | None:
    """Kendall's tau over the items that both lists have; None where these are fewer than two.

    Of the three pairs of a, b, c one is turned around: (2 - 1) / 3.

    >>> round(rank_correlation(["a", "b", "x", "c"], ["b", "a", "c"]), 4)
    0.3333
    """
    common = [item_id for item_id in one if item_id in other]
    if len(common) < 2:
        return None
    return float(kendalltau(range(len(common)), [other.index(item_id) for item_id in common]).statistic)


@dataclass(frozen=True)
class Changes:
    """From a list to another: what is gone, what is new, and what moved, with both ranks from 1."""

    gone: tuple[str, ...]
    new: tuple[str, ...]
    moved: tuple[tuple[str, int, int], ...]


def changes(before: Sequence[str], after: Sequence[str]) -> Changes:
    """What changed, item by item.

    >>> changes(["a", "b", "c"], ["b", "a", "d"])
    Changes(gone=('c',), new=('d',), moved=(('b', 2, 1), ('a', 1, 2)))
    """
    ranks = {item_id: rank for rank, item_id in enumerate(before, 1)}
    moved = [(i, ranks[i], rank) for rank, i in enumerate(after, 1) if i in ranks and ranks[i] != rank]
    return Changes(
        tuple(i for i in before if i not in after), tuple(i for i in after if i not in ranks), tuple(moved)
    )

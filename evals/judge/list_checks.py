"""What lists of items are like, whatever was said of them: repeats, broken conditions, diversity, novelty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from tastemaker.evals.judge.plain_conditions import meets
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Kind

Features = frozenset[tuple[str, str]]


def repeats(items: Sequence[str], before: Iterable[str]) -> list[str]:
    """Items that had come up before, or stand in the list twice.

    >>> repeats(["a", "b", "b"], ["a", "c"])
    ['a', 'b']
    """
    seen, found = set(before), []
    for item in items:
        if item in seen:
            found.append(item)
        seen.add(item)
    return found


def broken(items: Iterable[Item], conditions: Sequence[Mapping[str, Any]]) -> list[Item]:
    """Items that break one or more of the conditions."""
    return [item for item in items if not all(meets(_plain(item), one) for one in conditions)]


def _plain(item: Item) -> dict[str, Any]:
    """Attributes with dates as ISO text, as conditions in JSON have them."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in item.attributes.items()
    }


def features(item: Item, catalog: Catalog) -> Features:
    """Its category and tag values, each with its field."""
    names = catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS)
    return frozenset((name, value) for name in names for value in as_tags(item.attributes.get(name)))


def intra_list_diversity(items: Sequence[Features]) -> float | None:
    """Mean of 1 - Jaccard over all pairs (Ziegler et al., WWW 2005); None without a pair that has values.

    >>> a, b, c = ({("genre", g) for g in genres} for genres in ("x", "xy", "z"))
    >>> intra_list_diversity([frozenset(a), frozenset(b), frozenset(c)])
    0.8333333333333334
    """
    distances = [
        1 - len(one & other) / len(one | other) for one, other in combinations(items, 2) if one | other
    ]
    return sum(distances) / len(distances) if distances else None


def self_information(log: Interactions, n_items: int) -> npt.NDArray[np.float64]:
    """Bits of surprise in meeting each item, float64[n_items]: -log2 of the share of people who took it.

    One imagined person who took everything is added, so that an item without takers has
    log2(people + 1) bits (Zhou et al., PNAS 2010, with this smoothing).
    """
    pairs = np.unique(np.stack([log.user.astype(np.int64), log.item.astype(np.int64)]), axis=1)
    takers = np.bincount(pairs[1], minlength=n_items)
    return np.asarray(-np.log2((takers + 1) / (len(log.users) + 1)), np.float64)


def gini(counts: npt.ArrayLike) -> float:
    """How unequally often things occur: 0 for equally often, nearly 1 for one of many alone.

    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 4])
    (0.0, 0.75)
    """
    ordered = np.sort(np.asarray(counts, np.float64))
    n, total = len(ordered), ordered.sum()
    if not total:
        return 0.0
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total))

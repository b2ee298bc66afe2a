"""Items that are the same thing listed twice, or variants of one product, as groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.normalise import title_forms
from tastemaker.retrieval.same_thing import (
    Described,
    described,
    head,
    identity_attributes,
    names,
    same_thing,
)
from tastemaker.retrieval.variant_titles import variant_title

MOST_COMPARED = 32
"""An item is compared with so many of those that share a title with it and are not the same as one
another; thousands of items called "unknown" then cost no more than a few."""


@dataclass(frozen=True)
class Groups:
    """Which items stand for the same thing.

    Attributes:
        members: ids per group, two and more, in the catalogue's order; no item is in two.
    """

    members: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def _first(self) -> dict[str, str]:
        return {item_id: group[0] for group in self.members for item_id in group}

    def key(self, item_id: str) -> str:
        """One id that stands for the item's whole group: its first member's, or its own.

        >>> groups = Groups((("246", "268"),))
        >>> groups.key("268"), groups.key("1")
        ('246', '1')
        """
        return self._first.get(item_id, item_id)


def distinct(ids: Iterable[str], groups: Groups, k: int) -> list[tuple[str, tuple[str, ...]]]:
    """The best k items of a ranking, one of each group, each with those of the ranking that stand behind it.

    >>> distinct(["268", "50", "246", "181"], Groups((("246", "268"),)), k=2)
    [('268', ('246',)), ('50', ())]
    """
    behind: dict[str, list[str]] = {}
    for item_id in ids:
        behind.setdefault(groups.key(item_id), []).append(item_id)
    return [(first, tuple(rest)) for first, *rest in list(behind.values())[: max(k, 0)]]


def near_duplicates(catalog: Catalog, vectors: npt.NDArray[np.float32] | None = None) -> Groups:
    """Group a catalogue's items; only items that share a form of their titles are compared.

    Args:
        catalog: the items.
        vectors: unit vectors of their texts, float32[n_items, d], as further evidence.
    """
    pairs = list(_pairs(catalog, vectors))
    if not pairs:
        return Groups()
    ones, others = np.array(pairs).T
    links = coo_array((np.ones(len(pairs), dtype=np.int8), (ones, others)), shape=(len(catalog),) * 2)
    _, label_of = connected_components(links, directed=False)
    members: dict[int, list[str]] = {}
    for row in np.unique(pairs).tolist():
        members.setdefault(int(label_of[row]), []).append(catalog.at(row).id)
    return Groups(tuple(tuple(ids) for ids in members.values()))


def _pairs(catalog: Catalog, vectors: npt.NDArray[np.float32] | None) -> Iterator[tuple[int, int]]:
    """Rows of items that are the same thing: each with the first such item of its block."""
    titles = [(title_forms(item.title), variant_title(item.title)) for item in catalog]
    identity = identity_attributes(catalog)

    @cache
    def at(row: int) -> Described:
        vector = None if vectors is None else vectors[row]
        return described(catalog.at(row), catalog, titles[row], identity, vector)

    keys: dict[str, list[int]] = {}
    for row, (form, product) in enumerate(titles):
        for key in {*names(form), head(form), product.product} - {""}:
            keys.setdefault(key, []).append(row)
    for block in keys.values():
        unlike: list[int] = []
        for row in block if len(block) > 1 else ():
            twin = next((other for other in unlike if same_thing(at(row), at(other))), None)
            if twin is not None:
                yield twin, row
            elif len(unlike) < MOST_COMPARED:
                unlike.append(row)

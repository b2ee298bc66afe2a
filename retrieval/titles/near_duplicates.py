"""Items that are the same thing listed twice, or variants of one product, as groups."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.text.normalise import title_forms
from tastemaker.retrieval.titles.duplicate_pairs import (
    Described,
    describe_item,
    head,
    identity_attributes,
    names,
    same_thing,
)
from tastemaker.retrieval.titles.product_variants import VariantTitle, variant_title

MAX_COMPARED = 32
"""Among items that share a title, one is compared with at most so many groups and so many of each group's
members: thousands of items called "unknown" then cost little each."""


@dataclass(frozen=True)
class DuplicateGroups:
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

        >>> groups = DuplicateGroups((("246", "268"),))
        >>> groups.key("268"), groups.key("1")
        ('246', '1')
        """
        return self._first.get(item_id, item_id)


def distinct(ids: Iterable[str], groups: DuplicateGroups, k: int) -> list[tuple[str, tuple[str, ...]]]:
    """The best k items of a ranking, one of each group, each with those of the ranking that stand behind it.

    >>> distinct(["268", "50", "246", "181"], DuplicateGroups((("246", "268"),)), k=2)
    [('268', ('246',)), ('50', ())]
    """
    behind: dict[str, list[str]] = {}
    for item_id in ids:
        key = groups.key(item_id)
        if key in behind:
            behind[key].append(item_id)
        elif len(behind) < k:
            behind[key] = [item_id]
    return [(first, tuple(rest)) for first, *rest in behind.values()]


def near_duplicates(catalog: Catalog, vectors: npt.NDArray[np.float32] | None = None) -> DuplicateGroups:
    """Group a catalogue's items; only items that share a form of their titles are compared.

    Args:
        catalog: the items.
        vectors: unit vectors of their texts, float32[n_items, d], as further evidence.
    """
    from scipy.sparse import coo_array  # a third of a second to import, and builds keep what is found here
    from scipy.sparse.csgraph import connected_components

    pairs = list(_pairs(catalog, vectors))
    if not pairs:
        return DuplicateGroups()
    ones, others = np.array(pairs).T
    links = coo_array((np.ones(len(pairs), dtype=np.int8), (ones, others)), shape=(len(catalog),) * 2)
    _, label_of = connected_components(links, directed=False)
    members: dict[int, list[str]] = {}
    for row in np.unique(pairs).tolist():
        members.setdefault(int(label_of[row]), []).append(catalog.at(row).id)
    return DuplicateGroups(tuple(tuple(ids) for ids in members.values()))


def write_groups(path: Path, groups: DuplicateGroups, catalog: Catalog) -> None:
    """Keep a catalogue's groups, with the catalogue's hash."""
    fresh = path.with_name(f".{path.name}")
    fresh.write_text(json.dumps({"catalog": catalog.stated_hash, "groups": groups.members}), encoding="utf-8")
    fresh.replace(path)


def read_groups(path: Path, catalog: Catalog) -> DuplicateGroups | None:
    """The inverse of :func:`write_groups`; None where there are none, or they are of another catalogue.

    Raises:
        WorkspaceError: the file is broken.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        groups = DuplicateGroups(tuple(tuple(ids) for ids in kept["groups"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(f"cannot read {path} ({error!r}); build the workspace again") from error
    return groups if kept["catalog"] == catalog.stated_hash else None


def _pairs(catalog: Catalog, vectors: npt.NDArray[np.float32] | None) -> Iterator[tuple[int, int]]:
    """Rows of items that are the same thing."""
    forms = [title_forms(item.title) for item in catalog]
    # A title with a year is a work's: its colours and numbers are no variants.
    products = [
        variant_title(item.title) if form.year is None else VariantTitle()
        for item, form in zip(catalog, forms, strict=True)
    ]
    identity = identity_attributes(catalog)

    @cache
    def at(row: int) -> Described:
        vector = None if vectors is None else vectors[row]
        return describe_item(catalog.at(row), catalog, forms[row], products[row], identity, vector)

    keys: dict[str, list[int]] = {}
    for row, (form, product) in enumerate(zip(forms, products, strict=True)):
        for key in {*names(form), head(form), product.product} - {""}:
            keys.setdefault(key, []).append(row)
    for block in keys.values():
        if len(block) > 1:
            yield from _pairs_of(block, lambda row, other: same_thing(at(row), at(other)))


def _pairs_of(block: list[int], same: Callable[[int, int], bool]) -> Iterator[tuple[int, int]]:
    """Each row with the first of the group whose members it all equals: an undated title joins no two years."""
    groups: list[list[int]] = []
    for row in block:
        home = next((g for g in groups if all(same(row, other) for other in g[:MAX_COMPARED])), None)
        if home is not None:
            yield home[0], row
            home.append(row)
        elif len(groups) < MAX_COMPARED:
            groups.append([row])

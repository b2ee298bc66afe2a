"""Which of the facet sets that come with the package speaks of a catalogue's items."""

from __future__ import annotations

from tastemaker.retrieval.catalog.schema import UNSTATED, Schema
from tastemaker.retrieval.facets.definition import FacetSet, shipped_facets, shipped_tables

SETS = ("films", "books", "games", "recipes", "products")
GENERIC = "generic"
MIN_SHARED = 3
"""Facets that a catalogue must share with a set for the set to be about such items."""


def facet_set_for(schema: Schema) -> FacetSet | None:
    """The set that shares the most facets with a catalogue, the generic one where no set shares enough.

    None where the catalogue has nothing but what it states itself.
    """
    unstated = set(schema.names(UNSTATED))
    if not unstated:
        return None
    shared = {name: len(unstated & set(shipped_tables(name))) for name in SETS}
    best = max(SETS, key=shared.__getitem__)
    return shipped_facets(best if shared[best] >= MIN_SHARED + _computed(best, unstated) else GENERIC)


def _computed(name: str, unstated: set[str]) -> int:
    """Shared facets that any log gives, which say nothing of what the items are."""
    return sum(bool(table.get("computed")) and own in unstated for own, table in shipped_tables(name).items())

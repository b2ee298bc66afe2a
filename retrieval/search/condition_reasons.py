"""What a hit has for conditions on inferred and computed attributes, so that nobody takes it for a fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tastemaker.retrieval.catalog.catalog import Item
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.catalog.value_words import provenance_mark, value_in_words
from tastemaker.retrieval.filters.conditions import Condition, leaves
from tastemaker.retrieval.search.request import Matched


def values_asked_of(item: Item, conditions: Sequence[Condition], schema: Schema) -> Iterator[Matched]:
    """The item's values of the attributes that conditions are on and the catalogue does not state, each once."""
    fields = dict.fromkeys(leaf.field for condition in conditions for leaf in leaves(condition))
    for attribute in (schema[field] for field in fields):
        mark = provenance_mark(attribute)
        if mark and attribute.name in item.attributes:
            words = value_in_words(attribute, item.attributes[attribute.name])
            yield Matched(attribute.name, (words,), provenance=mark)

"""Items of the same title: which of them are one thing, and how the others are told apart in words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import name_attributes
from tastemaker.retrieval.catalog.schema import Attribute, Kind
from tastemaker.retrieval.catalog.value_words import answer_in_words, value_in_words
from tastemaker.retrieval.text.normalise import fold

MAX_NAMED = 3
"""Attributes that a label names at most."""
MAX_VALUES = 2
"""Values of one attribute in a label."""


def split_by_values(rows: Sequence[int], catalog: Catalog) -> list[list[int]]:
    """Rows of one title as groups whose makers and labels do not contradict, in order."""
    names = [*name_attributes(catalog), *catalog.schema.of_kind(Kind.CATEGORY)]
    groups: list[list[int]] = []
    for row in rows:
        home = next(
            (g for g in groups if not any(_contradict(catalog, row, other, names) for other in g)), None
        )
        if home is None:
            groups.append([row])
        else:
            home.append(row)
    return groups


def _contradict(catalog: Catalog, one: int, other: int, names: Sequence[str]) -> bool:
    for name in names:
        first, second = (
            {fold(value) for value in as_tags(catalog.at(row).attributes.get(name))} for row in (one, other)
        )
        if first and second and not first & second:
            return True
    return False


def distinct_labels(items: Sequence[Item], catalog: Catalog) -> list[str]:
    """A label for each item: its title, and where others here have the same one, what differs.

    Items that nothing tells apart keep their ids in the label.
    """
    names = telling_attributes(items, catalog)
    labels: dict[str, str] = {}
    for item in items:
        said = ", ".join(filter(None, _values_in_words(item, names[item.id], catalog)))
        labels[item.id] = f"{item.title} ({said})" if said else item.title
    listed = list(labels.values())
    return [
        labels[item.id]
        if listed.count(labels[item.id]) == 1
        else f"{labels[item.id].removesuffix(')')}, no. {item.id})"
        if labels[item.id].endswith(")")
        else f"{item.title} (no. {item.id})"
        for item in items
    ]


def telling_attributes(items: Sequence[Item], catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Per item the attributes that tell it from others here of the same title, the fewest; none for most."""
    by_title: dict[str, list[Item]] = {}
    for item in items:
        by_title.setdefault(fold(item.title), []).append(item)
    return {
        item.id: chosen
        for same in by_title.values()
        for chosen in (_fewest(same, catalog) if len(same) > 1 else (),)
        for item in same
    }


def _fewest(same: Sequence[Item], catalog: Catalog) -> tuple[str, ...]:
    names = _telling(same, catalog)
    for size in range(1, MAX_NAMED + 1):
        for some in combinations(names, size):
            if len({tuple(_values_in_words(item, some, catalog)) for item in same}) == len(same):
                return some
    return tuple(names[:MAX_NAMED])


def _telling(same: Sequence[Item], catalog: Catalog) -> list[str]:
    """Attributes that differ among items: makers first, then labels, years, the rest."""
    people = name_attributes(catalog)
    order = {Kind.CATEGORY: 1, Kind.NUMBER: 3, Kind.DATE: 3, Kind.TAGS: 4, Kind.BOOLEAN: 5}
    named = [
        name
        for name in catalog.schema.of_kind(*order)
        if len({str(item.attributes.get(name)) for item in same}) > 1
    ]

    def rank(name: str) -> tuple[int, int]:
        if name in people:
            return (0, people.index(name))
        if "year" in name.casefold():
            return (2, 0)
        return (order[catalog.schema[name].kind], 0)

    return sorted(named, key=rank)


def _values_in_words(item: Item, names: Sequence[str], catalog: Catalog) -> list[str]:
    return [_value(catalog.schema[name], item.attributes.get(name)) for name in names]


def _value(attribute: Attribute, value: object) -> str:
    if value is None:
        return ""
    if attribute.kind is Kind.BOOLEAN:
        return answer_in_words(attribute, value)
    if isinstance(value, tuple):
        return " and ".join(str(one) for one in value[:MAX_VALUES])
    return value_in_words(attribute, value)

"""Items by titles that a file tells without their year, or with another one than the catalogue has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.text.normalise import normalise, split_year

YEARS_APART = 1
"""A film is dated by its first showing in one list, and by its release in another."""
ALIKE = 0.5
"""Share of all their values that two entries of one title have in common if they are one item."""


def twins_of(catalog: Catalog) -> dict[str, str]:
    """Entries without a year -> the only entry of that title with one, where both are the same item by their values.

    >>> from tastemaker.retrieval.catalog.schema import Attribute, Schema
    >>> schema = Schema(attributes=(Attribute(name="director", kind=Kind.CATEGORY),))
    >>> item = lambda id_, title, name: Item(id_, title, {"director": name})
    >>> twins_of(Catalog([item("1", "Heat (1995)", "Mann"), item("2", "Heat", "Mann")], schema))
    {'2': '1'}
    >>> twins_of(Catalog([item("1", "Heat (1995)", "Mann"), item("2", "Heat", "Morrissey")], schema))
    {}
    """
    labels = list(catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS))
    found: dict[str, str] = {}
    for items in _by_bare_title(catalog).values():
        dated = [item for item in items if split_year(item.title)[1] is not None]
        bare = [item for item in items if split_year(item.title)[1] is None]
        if len(dated) == 1:
            found |= {item.id: dated[0].id for item in bare if _alike(item, dated[0], labels)}
    return found


class BareTitles:
    """Finds the item that a title means, whatever year stands behind it; none rather than a wrong one.

    Args:
        catalog: whose items.
        first: id -> the id that stands for it and its doubles.
    """

    def __init__(self, catalog: Catalog, first: Mapping[str, str]) -> None:
        self._years: dict[str, dict[str, int | None]] = {}
        for title, items in _by_bare_title(catalog).items():
            self._years[title] = {}
            for item in items:
                year = split_year(item.title)[1]
                if item.id == first[item.id] or first[item.id] not in self._years[title]:
                    self._years[title][first[item.id]] = year

    def find(self, title: str, said: str = "") -> str | None:
        """The id, or None: no item is called so, or several are and nothing tells which.

        With a year: the item of that year or one beside it, else the only item, if it has no year. Without: the only
        item, else the one whose year stands behind the title in ``said``.
        """
        name, year = split_year(title)
        years = self._years.get(normalise(name), {})
        if year is not None:
            near = [i for i, own in years.items() if own is not None and abs(own - year) <= YEARS_APART]
            undated = [i for i, own in years.items() if own is None]
            return _only(
                [i for i in near if years[i] == year] or near or (undated if len(years) == 1 else [])
            )
        if len(years) > 1 and said:
            text = " ".join(said.casefold().split())
            return _only(i for i, own in years.items() if own and f"{name.casefold()} ({own})" in text)
        return _only(years)


def _only(ids: Iterable[str]) -> str | None:
    found = list(ids)
    return found[0] if len(found) == 1 else None


def _by_bare_title(catalog: Catalog) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in catalog:
        found.setdefault(normalise(split_year(item.title)[0]), []).append(item)
    return found


def _alike(one: Item, other: Item, labels: Iterable[str]) -> bool:
    labels = list(labels)
    mine, theirs = (
        {(name, value) for name in labels for value in as_tags(item.attributes.get(name))}
        for item in (one, other)
    )
    return bool(mine) and len(mine & theirs) >= ALIKE * len(set(chain(mine, theirs)))

"""What an item is about, as one short text for embedding.

Only what describes goes in. Names of people, numbers, dates and, where the item has a
description, the title stay out: a sentence embedding gives every word its share, and a
wish such as "tense" then finds titles that sound like it instead of items that are it
(measured, see LOG.md). Those fields are found by constraints and by the title resolver.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from weakref import WeakKeyDictionary

from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags, plain
from tastemaker.retrieval.catalog.schema import STATED, Kind, Schema, Value

LABELS_AT_MOST = 60
"""An attribute with at most this many values is a set of labels, never of names."""

FEW_OF_MANY, LABELS_SHARE = 1 / 3, 0.8
"""One with more values is one too where this part of them, the most frequent ones and no more than that many, makes up
this share of all that items have of it: genres stay genres whatever a few items call theirs. Of names and themes the
first sixty are a fifth (LOG.md)."""

ADDRESSES = ("http://", "https://")
ADDRESSES_LOOKED_AT = 50

NAME_SHARE = 0.7
"""An attribute holds names when this share of its values are several capitalised words."""


def item_text(item: Item, schema: Schema, names: Collection[str] = ()) -> str:
    """The values of categories and tags but for ``names``, then texts; the title where there is no text.

    The schema's order decides, so equal items give equal texts. Missing values leave no trace.

    >>> from tastemaker.retrieval.catalog.schema import Attribute
    >>> schema = Schema(attributes=(
    ...     Attribute(name="premise", kind=Kind.TEXT), Attribute(name="genres", kind=Kind.TAGS)))
    >>> heat = Item("1", "Heat", {"premise": "A thief and a detective", "genres": ("Crime", "Thriller")})
    >>> item_text(heat, schema)
    'Crime, Thriller. A thief and a detective.'
    """
    tags = [n for n in schema.of_kind(Kind.CATEGORY, Kind.TAGS) if n in item.attributes and n not in names]
    texts = [n for n in schema.of_kind(Kind.TEXT) if n in item.attributes]
    parts = [_show(item.attributes[name]) for name in (*tags, *texts)]
    titled = parts if texts else [_one_line(item.title), *parts]
    return " ".join(_sentence(part) for part in titled if part)


def full_text(item: Item, names: Collection[str] | None = None) -> str:
    """Everything an item says, its title and all its values, or the values of some attributes only.

    >>> heat = Item("1", "Heat (1995)", {"year": 1995, "cast": ("Al Pacino",), "runtime": 170})
    >>> full_text(heat, ["year", "cast"])
    'Heat (1995). 1995. Al Pacino'
    """
    values = (value for name, value in item.attributes.items() if names is None or name in names)
    return ". ".join(part for part in (_one_line(item.title), *map(_show, values)) if part)


def stated_attributes(schema: Schema) -> frozenset[str]:
    """Attributes that the catalogue itself states: the words of these are searched, embedded and prompted.

    What is inferred or computed is matched as values instead (join_and to the texts it makes search worse).
    """
    return frozenset(schema.names(STATED))


def item_texts(catalog: Catalog) -> list[str]:
    """Texts of all items, in row order."""
    names = [*name_attributes(catalog), *address_fields(catalog)]
    return [item_text(item, catalog.schema, names) for item in catalog]


def address_fields(catalog: Catalog) -> list[str]:
    """Category and tags attributes that hold addresses in the web: nothing that an item is about."""
    names = catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS)
    return [name for name in names if _holds_addresses(catalog.values(name))]


def label_fields(catalog: Catalog) -> list[str]:
    """Category and tags attributes of few values, such as genres: what says in a word what an item is."""
    names = catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS)
    return [
        name for name in names if holds_labels(catalog, name) and not _holds_addresses(catalog.values(name))
    ]


def holds_labels(catalog: Catalog, name: str) -> bool:
    """Whether a category or tags attribute is a set of labels: it has few values, or few that count."""
    return not catalog.values(name) or bool(labels_of(catalog, name))


_labels: WeakKeyDictionary[Catalog, dict[str, tuple[str, ...]]] = WeakKeyDictionary()


def labels_of(catalog: Catalog, name: str) -> tuple[str, ...]:
    """The labels of an attribute, the most frequent first; none where it holds names or themes.

    What is rare beside its labels is no label: whoever may add items could otherwise add words that people say.
    """
    kept = _labels.setdefault(catalog, {})
    if name not in kept:
        values = catalog.values(name)
        first = tuple(values[:LABELS_AT_MOST])
        if len(values) > len(first):
            counts = Counter(value for item in catalog for value in as_tags(item.attributes.get(name)))
            few = first[: int(len(values) * FEW_OF_MANY)]
            if sum(counts[value] for value in few) < LABELS_SHARE * counts.total():
                first = ()
        kept[name] = first
    return kept[name]


_name_attributes: WeakKeyDictionary[Catalog, tuple[str, ...]] = WeakKeyDictionary()


def name_attributes(catalog: Catalog) -> list[str]:
    """Attributes of many values that are mostly proper names: directors, authors, casts."""
    if catalog not in _name_attributes:  # thousands of values are looked at, and every turn asks
        _name_attributes[catalog] = tuple(
            name
            for name in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS)
            if not holds_labels(catalog, name) and _holds_names(catalog.values(name))
        )
    return list(_name_attributes[catalog])


def people_of(item: Item, catalog: Catalog) -> set[str]:
    """The people whom an item names: who made it, who is in it."""
    return {value for name in name_attributes(catalog) for value in as_tags(item.attributes.get(name))}


def descriptive_values(item: Item, catalog: Catalog, names: Collection[str]) -> list[str]:
    """The item's category and tag values that say what it is like, names left out."""
    return [value for _, value in descriptive_fields(item, catalog, names)]


def descriptive_fields(item: Item, catalog: Catalog, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """The same values, each with its attribute's name."""
    for name in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS):
        if name not in names:
            values = as_tags(item.attributes.get(name))
            yield from ((name, value) for value in values if not value.startswith(ADDRESSES))


def _holds_addresses(values: Sequence[str]) -> bool:
    return bool(values) and all(value.startswith(ADDRESSES) for value in values[:ADDRESSES_LOOKED_AT])


def _holds_names(values: Sequence[str]) -> bool:
    named = sum(len(value.split()) > 1 and value == value.title() for value in values)
    return named >= NAME_SHARE * len(values)


def _show(value: Value) -> str:
    simple = plain(value)
    return ", ".join(_one_line(tag) for tag in simple) if isinstance(simple, list) else _one_line(str(simple))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."

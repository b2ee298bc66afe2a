"""Items that belong together by the words their titles begin with, and by whom and what they share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tastemaker.agent.nlu.rules.value_mentions import WORKS
from tastemaker.agent.nlu.tokenizer import STOPWORDS, Word, words
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import holds_labels, name_attributes, people_of
from tastemaker.retrieval.catalog.schema import EVERY, Kind
from tastemaker.retrieval.text.normalise import split_year
from tastemaker.retrieval.text.tokens import singular, tokens

MIN_SHARED = 3
"""People, and things it is about, that two items share which belong to one series."""
MIN_RARE, FEW_ITEMS = 2, 12
"""Things of few items that parts of one story share, and how many items these few are."""
MAX_OF_A_SERIES = 12
"""Titles that begin with the same words, above which these words name no series."""
_GOES_ON = re.compile(r"\w:? (?:\d|[IVX]+\b)|\w:")
"""A title that is a part of something: "Star Trek: Generations", "Alien 3"."""


class Series:
    """Items of one catalogue by the words that their titles begin with, and by whom and what they share."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._people = name_attributes(catalog)
        tags = catalog.schema.of_kind(Kind.TAGS, provenance=EVERY)
        self._tags = [one for one in tags if one not in self._people and not holds_labels(catalog, one)]
        self._items: dict[str, list[tuple[tuple[str, ...], Item]]] = {}
        for item in catalog:
            key = tuple(tokens(split_year(item.title)[0]))
            key = key[1:] if key and key[0] in STOPWORDS else key
            if key:
                self._items.setdefault(key[0], []).append((key, item))

    def titles(self, phrase: str) -> tuple[str, ...]:
        """Titles that begin with a phrase, films and the like left out; empty where these are too many for a series."""
        return tuple(item.title for item in self._beginning(phrase))

    def parts(self, phrase: str) -> tuple[Item, ...]:
        """The items of the series that a phrase names.

        One of them is just that, or all go on with a number or a colon: *Double Team* and *Double Happiness* are no
        parts of one thing. What followed a first part under other names belongs to it.
        """
        key, begin = _key_of(phrase), self._beginning(phrase)
        first = [item for own, item in self._items.get(key[0], []) if own == key] if key else []
        if not first and not all(_GOES_ON.search(item.title) for item in begin):
            return ()
        more = [kin for one in first for kin in self._kin(one, MIN_RARE)]
        return tuple({item.id: item for item in (*begin, *more)}.values())

    def sequels(self, item: Item) -> tuple[str, ...]:
        """Titles of those made by the same people about the same things: *The Empire Strikes Back* for *Star Wars*."""
        return tuple(kin.title for kin in self._kin(item))

    def _beginning(self, phrase: str) -> list[Item]:
        key = _key_of(phrase)
        found = [item for own, item in self._items.get(key[0], []) if own[: len(key)] == key] if key else []
        return found if len(found) <= MAX_OF_A_SERIES else []

    def _kin(self, item: Item, rare: int = 0) -> list[Item]:
        """Those made by the same people about the same things, of which at least ``rare`` are in few items."""
        people = people_of(item, self._catalog)
        about = {tag for name in self._tags for tag in as_tags(item.attributes.get(name))}
        if len(people) < MIN_SHARED or len(about) < MIN_SHARED:
            return []
        kin = self._sharing(people, self._people) & self._sharing(about, self._tags)
        if rare:
            few = {tag for tag in about if self._count(tag) <= FEW_ITEMS}
            kin &= self._sharing(few, self._tags, rare)
        return [self._catalog.at(row) for row in sorted(kin - {self._catalog.row(item.id)})]

    def _count(self, tag: str) -> int:
        return max(len(self._catalog.postings(name).get(tag.casefold(), ())) for name in self._tags)

    def _sharing(self, values: Iterable[str], names: Sequence[str], least: int = MIN_SHARED) -> set[int]:
        """Rows of the items that have enough of some values, in whichever of some attributes."""
        counts = Counter[int]()
        for value in {value.casefold() for value in values}:
            held = (self._catalog.postings(name).get(value, ()) for name in names)
            counts.update({int(row) for rows in held for row in rows})
        return {row for row, count in counts.items() if count >= least}


def _key_of(phrase: str) -> tuple[str, ...]:
    return tuple(telling_words(words(phrase)))


def telling_words(said: Sequence[Word]) -> Iterator[str]:
    """The words of a phrase that say which items are meant, without plural endings."""
    return (singular(word.norm) for word in said if word.norm not in STOPWORDS | WORKS)

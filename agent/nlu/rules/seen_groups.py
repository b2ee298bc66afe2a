"""Groups of items that a person knows already: "we've seen all the Disney cartoons", "seen every Godfather"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tastemaker.agent.nlu.rules.value_mentions import WORKS
from tastemaker.agent.nlu.tokenizer import STOPWORDS, Word, words
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import holds_labels, name_attributes, people_of
from tastemaker.retrieval.catalog.schema import EVERY, Kind
from tastemaker.retrieval.text.tokens import singular, tokens

MIN_SHARED = 3
"""People, and things it is about, that two items share which belong to one series."""
MAX_OF_A_SERIES = 12
"""Titles that begin with the same words, above which these words name no series."""
_ALL_OF = re.compile(
    r"\b(?:seen|watched|read|played|heard|done|owns?|knows?|had)\s+(?:(?:nearly|almost|pretty much)\s+)?"
    r"(?:(?:all|every|each|most|any)(?: single)?(?: (?:one )?of)?)(?:\s+(?:the|his|her|their|your|those))*\s+"
    r"(?!(?:of )?(?:these|those|them|this|that|it)\b|(?:but|except|bar|apart|save)\b)(?P<what>[^.,;:!?\n]+?)"
    r"(?=\s+(?:already|before|by now|anyway|twice|many times|and|but|so|a |too\b)|\s*[.,;:!?\n]|\s*$)",
    re.IGNORECASE,
)


def find_seen_groups(text: str) -> list[tuple[int, int]]:
    """Where a message says what all of which is known already.

    >>> said = "mafia films, but I've seen all the Godfathers already"
    >>> [said[a:b] for a, b in find_seen_groups(said)]
    ['Godfathers']
    >>> find_seen_groups("I've seen all of these")
    []
    """
    return [match.span("what") for match in _ALL_OF.finditer(text)]


class Series:
    """Items of one catalogue by the words that their titles begin with, and by whom and what they share."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._people = name_attributes(catalog)
        tags = catalog.schema.of_kind(Kind.TAGS, provenance=EVERY)
        self._tags = [one for one in tags if one not in self._people and not holds_labels(catalog, one)]
        self._titles: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for item in catalog:
            key = tuple(tokens(item.title))
            key = key[1:] if key and key[0] in STOPWORDS else key
            if key:
                self._titles.setdefault(key[0], []).append((key, item.title))

    def titles(self, phrase: str) -> tuple[str, ...]:
        """Titles that begin with a phrase, films and the like left out; empty where these are too many for a series."""
        key = tuple(telling_words(words(phrase)))
        if not key:
            return ()
        found = [title for own, title in self._titles.get(key[0], []) if own[: len(key)] == key]
        return tuple(found) if len(found) <= MAX_OF_A_SERIES else ()

    def sequels(self, item: Item) -> tuple[str, ...]:
        """Titles of those made by the same people about the same things: *The Empire Strikes Back* for *Star Wars*."""
        people = people_of(item, self._catalog)
        about = {tag for name in self._tags for tag in as_tags(item.attributes.get(name))}
        if len(people) < MIN_SHARED or len(about) < MIN_SHARED:
            return ()
        kin = self._sharing(people, self._people) & self._sharing(about, self._tags)
        return tuple(self._catalog.at(row).title for row in sorted(kin - {self._catalog.row(item.id)}))

    def _sharing(self, values: Iterable[str], names: Sequence[str]) -> set[int]:
        """Rows of the items that have enough of some values, in whichever of some attributes."""
        counts = Counter[int]()
        for value in {value.casefold() for value in values}:
            held = (self._catalog.postings(name).get(value, ()) for name in names)
            counts.update({int(row) for rows in held for row in rows})
        return {row for row, count in counts.items() if count >= MIN_SHARED}


def telling_words(said: Sequence[Word]) -> Iterator[str]:
    """The words of a phrase that say which items are meant, without plural endings."""
    return (singular(word.norm) for word in said if word.norm not in STOPWORDS | WORKS)

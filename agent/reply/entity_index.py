"""Titles and people of a catalogue where they stand in prose, found word by word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tastemaker.agent.nlu.tokenizer import WORD, Word, fold, words
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import label_fields, name_attributes
from tastemaker.retrieval.text.normalise import split_year

LITTLE = frozenset("a an and at by de for from in of on or the to with".split())
"""Words that a title writes small."""

MAX_KEPT = 50_000
"""Items whose keys are kept ready."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of prose that reads like a title or a name of the catalogue.

    Attributes:
        key: its words, normalised and joined by blanks.
        start, end: where it stands, in characters.
        title: whether it is a title; a name otherwise.
        certain: whether nothing else can be meant: a title with its year, or several words
            written as a title or a name is.
    """

    key: str
    start: int
    end: int
    title: bool
    certain: bool


class Entities:
    """Finds titles, with and without their year, and names of people. Built once per catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._people = name_attributes(catalog)
        self._titles: dict[str, bool] = {}
        self._names = {key_of(value) for name in self._people for value in catalog.values(name)} - {""}
        for item in catalog:
            for key, dated in _title_keys(item):
                self._titles[key] = self._titles.get(key, False) or dated
        self._lengths = _lengths((*self._titles, *self._names))
        self.labels = frozenset(
            key_of(value) for name in label_fields(catalog) for value in catalog.values(name)
        )
        self._catalog = catalog
        self.keys_of = lru_cache(maxsize=MAX_KEPT)(self._keys_of)

    def _keys_of(self, item_id: str) -> tuple[str, ...]:
        """All keys that speak of an item: its title in both forms, its people."""
        item = self._catalog[item_id]
        values = (value for name in self._people for value in as_tags(item.attributes.get(name)))
        return (*(key for key, _ in _title_keys(item)), *map(key_of, values))

    def find(self, text: str) -> list[Entity]:
        """What stands in a text, the longest at each place, in order and without overlap."""
        tokens, entities, place = words(text), list[Entity](), 0
        norms = [word.norm for word in tokens]
        while place < len(tokens):
            entity, length = self._at(tokens, norms, place, text)
            if entity:
                entities.append(entity)
            place += length
        return entities

    def _at(
        self, tokens: Sequence[Word], norms: Sequence[str], place: int, text: str
    ) -> tuple[Entity | None, int]:
        for length in self._lengths.get(norms[place], ()):
            key = " ".join(norms[place : place + length])
            if place + length > len(norms) or not (key in self._titles or key in self._names):
                continue
            some = tokens[place : place + length]
            start, end = some[0].start, some[-1].end
            end += text[end : end + 1] == ")"
            dated = self._titles.get(key, False)
            capital = length > 1 and _capitals(text, some)
            return Entity(key, start, end, key in self._titles, dated or capital), length
        return None, 1


def key_of(text: str) -> str:
    """A title or name as it is compared.

    >>> key_of("Amélie (2001)")
    'amelie 2001'
    """
    return " ".join(WORD.findall(fold(text)))


def _title_keys(item: Item) -> Iterator[tuple[str, bool]]:
    """Keys of a title, and whether it holds the year."""
    rest, year = split_year(item.title)
    if whole := key_of(item.title):
        yield whole, year is not None
    if year is not None and (key := key_of(rest)):
        yield key, False


def _lengths(keys: Iterable[str]) -> Mapping[str, Collection[int]]:
    """By first word, how many words the keys have that begin with it, the longest first."""
    found: dict[str, set[int]] = {}
    for key in keys:
        first, _, rest = key.partition(" ")
        found.setdefault(first, set()).add(1 + (rest.count(" ") + 1 if rest else 0))
    return {first: sorted(lengths, reverse=True) for first, lengths in found.items()}


def _capitals(text: str, some: Sequence[Word]) -> bool:
    return all(
        text[word.start].isupper() or text[word.start].isdigit() or word.norm in LITTLE for word in some
    )

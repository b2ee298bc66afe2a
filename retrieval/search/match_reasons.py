"""Why an item was found: the fields that hold words of the query, and the tag that comes closest to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import descriptive_fields, name_attributes, stated_attributes
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.index.embedder import Vectors
from tastemaker.retrieval.index.lexical_index import LexicalIndex
from tastemaker.retrieval.index.phrase_index import PhraseIndex
from tastemaker.retrieval.search.request import Matched
from tastemaker.retrieval.text.tokens import tokens

COMMON = 0.1
"""A word that more than this share of items hold says nothing about one of them."""

NEAR = 0.45
"""A tag with at least this cosine to the query is worth naming."""

_WORD = re.compile(r"\w+")


class Matches:
    """Explains the hits of one catalogue's searches."""

    def __init__(self, catalog: Catalog, phrases: PhraseIndex, lexical: LexicalIndex) -> None:
        self._catalog = catalog
        self._phrases = phrases
        self._lexical = lexical
        self._stated = stated_attributes(catalog.schema)

    def of(self, row: int, text: str, vector: Vectors) -> list[Matched]:
        """The fields of an item that speak for it.

        Args:
            row: the item's.
            text: of the query.
            vector: of the same text, float32[d].
        """
        found = self._by_words(self._catalog.at(row), text)
        nearest = self._by_phrase(row, vector)
        if nearest is not None and not any(nearest.values[0] in match.values for match in found):
            found.append(nearest)
        return found

    def _by_words(self, item: Item, text: str) -> list[Matched]:
        """The fields that hold words of the text: whole values, and of titles and free texts the words."""
        said = set(tokens(text))
        telling = {w for w in said - self._empty_words if self._lexical.share_of_items(w) <= COMMON}
        found = [Matched("title", _spellings(item.title, telling))]
        for name, value in item.attributes.items():
            if name not in self._stated:
                continue
            if self._catalog.schema[name].kind is Kind.TEXT:
                found.append(Matched(name, _spellings(str(value), telling)))
            else:
                found.append(Matched(name, tuple(_matching_values(as_tags(value), said, telling))))
        return [match for match in found if match.values]

    def _by_phrase(self, row: int, vector: Vectors) -> Matched | None:
        """The item's tag that is nearest to the query, if it is near at all."""
        nearest = self._phrases.nearest(row, vector)
        if nearest is None or nearest[1] < NEAR:
            return None
        place, cosine = nearest
        name, value = list(descriptive_fields(self._catalog.at(row), self._catalog, self._names))[place]
        return Matched(name, (value,), round(cosine, 3))

    @cached_property
    def _empty_words(self) -> frozenset[str]:
        """English words that say nothing by themselves; in other languages ``COMMON`` finds the most of them."""
        from bm25s.stopwords import STOPWORDS_EN_PLUS

        return frozenset(token for word in STOPWORDS_EN_PLUS for token in tokens(word))

    @cached_property
    def _names(self) -> list[str]:
        return name_attributes(self._catalog)


@lru_cache(maxsize=65_536)
def _tokens(text: str) -> frozenset[str]:
    """The tokens of a word or a tag, which come again and again."""
    return frozenset(tokens(text))


def _matching_values(values: Sequence[str], said: set[str], telling: set[str]) -> Iterator[str]:
    """Values with a telling word of the query, or all of whose words are in it ("drama")."""
    for value in values:
        words = _tokens(value)
        if words & telling or words <= said:
            yield value


def _spellings(text: str, telling: set[str]) -> tuple[str, ...]:
    """The telling words as the text spells them, each once."""
    words = {word.casefold(): word for word in _WORD.findall(text) if not telling.isdisjoint(_tokens(word))}
    return tuple(words.values())

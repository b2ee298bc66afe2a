"""Which words of a message name an attribute value of this catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tastemaker.agent.words import STOPWORDS, Word, fold, words
from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.item_text import LABELS_AT_MOST
from tastemaker.retrieval.schema import Kind
from tastemaker.retrieval.tokens import singular

PERSON_CUES = frozenset({"by", "with", "starring", "featuring", "directed", "from"})
LONGEST_VALUE = 6
NO_PLURAL = frozenset({"news"})


@dataclass(frozen=True, slots=True)
class Named:
    """A value that a message names: words ``first`` to ``last`` (inclusive) stand for it."""

    field: str
    value: str
    first: int
    last: int


class ValueWords:
    """Finds values of the category and tags attributes in a message.

    Values of label-like attributes count wherever they stand. Values of large
    vocabularies (names, themes) count when the message has a full name of two or
    more capitalised words, or, after a word such as "by" or "with", a surname.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._labels: dict[tuple[str, ...], tuple[str, str]] = {}
        self._names: dict[tuple[str, ...], tuple[str, str]] = {}
        self._surnames: dict[str, tuple[str, str]] = {}
        for field in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS):
            values = catalog.values(field)
            target = self._labels if len(values) <= LABELS_AT_MOST else self._names
            for value in values:
                self._add(target, field, value)
        self._add_surnames()

    def _add(self, target: dict[tuple[str, ...], tuple[str, str]], field: str, value: str) -> None:
        key = _key(words(value))
        if key and (target is self._labels or len(key) > 1):
            target.setdefault(key, (field, value))

    def _add_surnames(self) -> None:
        owners: dict[str, set[str]] = defaultdict(set)
        for key, (_field, value) in self._names.items():
            owners[key[-1]].add(value)
        for key, (field, value) in self._names.items():
            if len(owners[key[-1]]) == 1:
                self._surnames[key[-1]] = (field, value)

    def find(self, text: str, tokens: Sequence[Word]) -> Iterator[Named]:
        """Values named in a message, from left to right, the longest match first at each place."""
        position = 0
        while position < len(tokens):
            named = self._at(text, tokens, position)
            if named:
                yield named
            position = named.last + 1 if named else position + 1

    def _at(self, text: str, tokens: Sequence[Word], first: int) -> Named | None:
        for length in range(min(LONGEST_VALUE, len(tokens) - first), 0, -1):
            span = tokens[first : first + length]
            found = self._labels.get(_key(span))
            if found is None and length > 1 and text[span[0].start].isupper():
                found = self._names.get(_key(span))
            if found:
                return Named(*found, first, first + length - 1)
        return self._surname_at(text, tokens, first)

    def _surname_at(self, text: str, tokens: Sequence[Word], first: int) -> Named | None:
        word = tokens[first]
        cued = first > 0 and tokens[first - 1].norm in PERSON_CUES
        if cued and text[word.start].isupper() and word.norm not in STOPWORDS:
            found = self._surnames.get(singular(word.norm)) or self._surnames.get(word.norm)
            return Named(*found, first, first) if found else None
        return None


def _key(span: Sequence[Word]) -> tuple[str, ...]:
    return tuple(_one(fold(word.norm)).removesuffix("'s") for word in span)


def _one(word: str) -> str:
    """The singular; a word that only looks like a plural stays, so that "new" is not "News"."""
    return word if word in NO_PLURAL else singular(word)

"""Which words of a message name an attribute value of this catalogue."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tastemaker.agent.words import STOPWORDS, Word, fold, words
from tastemaker.retrieval.catalog import Catalog, as_tags
from tastemaker.retrieval.item_text import LABELS_AT_MOST
from tastemaker.retrieval.schema import Kind
from tastemaker.retrieval.tokens import singular

PERSON_CUES = frozenset({"by", "with", "starring", "featuring", "directed", "from"})
ROLE_CUES: Mapping[str, tuple[str, ...]] = {
    "by": ("director", "author", "writer", "artist", "brand", "maker"),
    "directed": ("director",),
    "director": ("director",),
    "with": ("cast", "actor"),
    "starring": ("cast", "actor"),
    "featuring": ("cast", "actor", "artist"),
}
"""Which attribute a word before a name speaks of, where the name is a value of several."""
WELL_KNOWN = 3
"""Items that a surname after "from" must have: "from England" is hardly about a director of that name."""
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
        self._labels: dict[tuple[str, ...], _Meaning] = {}
        self._names: dict[tuple[str, ...], list[_Meaning]] = {}
        self._surnames: dict[str, list[_Meaning]] = {}
        for field in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS):
            counts = Counter(value for item in catalog for value in as_tags(item.attributes.get(field)))
            labels = len(counts) <= LABELS_AT_MOST
            for value, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
                key = _key(words(value))
                if labels and key:
                    self._labels.setdefault(key, _Meaning(field, value, count))
                elif len(key) > 1:
                    self._names.setdefault(key, []).append(_Meaning(field, value, count))
        self._add_surnames()

    def _add_surnames(self) -> None:
        owners: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for key in self._names:
            owners[key[-1]].add(key)
        self._surnames = {key[-1]: found for key, found in self._names.items() if len(owners[key[-1]]) == 1}

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
            key = _key(span)
            found = self._labels.get(key)
            if found is None and length > 1 and text[span[0].start].isupper() and key in self._names:
                found = _meant(self._names[key], tokens, first)
            if found:
                return Named(found.field, found.value, first, first + length - 1)
        return self._surname_at(text, tokens, first)

    def _surname_at(self, text: str, tokens: Sequence[Word], first: int) -> Named | None:
        word, cue = tokens[first], tokens[first - 1].norm if first else ""
        if cue not in PERSON_CUES or not text[word.start].isupper() or word.norm in STOPWORDS:
            return None
        known = self._surnames.get(singular(word.norm)) or self._surnames.get(word.norm)
        if not known or (cue == "from" and max(one.count for one in known) < WELL_KNOWN):
            return None
        found = _meant(known, tokens, first)
        return Named(found.field, found.value, first, first)


@dataclass(frozen=True, slots=True)
class _Meaning:
    field: str
    value: str
    count: int


def _meant(meanings: Sequence[_Meaning], tokens: Sequence[Word], first: int) -> _Meaning:
    """Of the attributes that hold a name: the one that the words before it speak of, else where it is commonest."""
    for before in reversed(tokens[max(0, first - 2) : first]):
        for field in ROLE_CUES.get(before.norm, ()):
            if match := next((one for one in meanings if one.field == field), None):
                return match
    return max(meanings, key=lambda one: one.count)


def _key(span: Sequence[Word]) -> tuple[str, ...]:
    return tuple(_one(fold(word.norm)).removesuffix("'s") for word in span)


def _one(word: str) -> str:
    """The singular; a word that only looks like a plural stays, so that "new" is not "News"."""
    return word if word in NO_PLURAL else singular(word)

"""The words of a query as a catalogue knows them: by stem, misspelt ones mended, with their weight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.index.lexical_index import LexicalIndex
from tastemaker.retrieval.text.edit_distance import NearStrings
from tastemaker.retrieval.text.stems import stem
from tastemaker.retrieval.text.tokens import tokens

MAX_QUERY_WORDS = 256
"""Different words of a query that are looked at, from its beginning."""
MIN_MENDED = 5
"""Letters of the shortest word whose spelling is mended."""
TWO_EDITS = 9
"""From so many letters on, two may be wrong."""
MAX_VARIANTS = 4
"""Words of one stem that are also looked up."""


@dataclass(frozen=True)
class QueryWords:
    """A query's words.

    Attributes:
        texts: the words, in their order, as they are looked up (misspelt ones mended), each once.
        weights: inverse document frequency, float32[m]; 0 for a word that no item holds.
        order: of the whole query, places in ``texts``; -1 for a word beyond ``MAX_QUERY_WORDS``.
        mended: share of the words whose spelling was mended.
        variants: other words of the same stems.
    """

    texts: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    order: npt.NDArray[np.int64]
    mended: float
    variants: tuple[str, ...]


class WordStems:
    """The stems of a catalogue's words. Read-only, safe to share between threads."""

    def __init__(self, lexical: LexicalIndex, n_items: int) -> None:
        self._lexical = lexical
        self._n_items = n_items
        number: dict[str, int] = {}
        vocabulary = lexical.vocabulary
        self.of_word = np.zeros(len(vocabulary), dtype=np.int32)
        """The number of each word's stem, int32[n_words]."""
        for word, at in vocabulary.items():
            if at < len(self.of_word):
                self.of_word[at] = number.setdefault(stem(word), len(number))
        self.number: Mapping[str, int] = number

    def read(self, text: str) -> QueryWords:
        """Cut a query into words."""
        texts, order, mended, found = list[str](), list[int](), 0, dict[str, int]()
        for word in self._split(tokens(text)):
            known = word if stem(word) in self.number else self._mended(word)
            mended += known != word
            if known not in found and len(found) < MAX_QUERY_WORDS:
                found[known] = len(found)
                texts.append(known)
            order.append(found.get(known, -1))
        weights = np.array([self._weight(word) for word in texts], dtype=np.float32)
        return QueryWords(
            tuple(texts),
            weights,
            np.array(order, np.int64),
            mended / max(1, len(order)),
            tuple(self._variants(texts)),
        )

    def places(self, words: QueryWords) -> npt.NDArray[np.int16]:
        """The place in the query of each of the catalogue's words, int16[n_words]; -1 for what is not asked."""
        of_stem = np.full(len(self.number) + 1, -1, dtype=np.int16)
        for place, word in reversed(list(enumerate(words.texts))):
            of_stem[self.number.get(stem(word), len(self.number))] = place
        of_stem[len(self.number)] = -1
        return of_stem[self.of_word]

    def _split(self, words: list[str]) -> Iterator[str]:
        """Words written together that the catalogue writes apart ("spiderman") come apart."""
        for word in words:
            if len(word) >= MIN_MENDED and stem(word) not in self.number and (halves := self._halves(word)):
                yield from halves
            else:
                yield word

    def _halves(self, word: str) -> tuple[str, str] | None:
        vocabulary = self._lexical.vocabulary
        pairs = [(word[:at], word[at:]) for at in range(3, len(word) - 2)]
        known = [pair for pair in pairs if pair[0] in vocabulary and pair[1] in vocabulary]
        held = self._lexical.held
        return max(known, key=lambda p: min(held[vocabulary[p[0]]], held[vocabulary[p[1]]]), default=None)

    def _mended(self, word: str) -> str:
        if len(word) < MIN_MENDED or not word.isalpha():
            return word
        near = self._spellings.near(word, 2 if len(word) >= TWO_EDITS else 1)
        if not near:
            return word
        fewest, vocabulary = near[0][1], self._lexical.vocabulary
        alike = [other for other, edits in near if edits == fewest and other in vocabulary]
        return max(alike, key=lambda other: int(self._lexical.held[vocabulary[other]]), default=word)

    def weights(self) -> npt.NDArray[np.float32]:
        """The weight of each of the catalogue's words, float32[n_words]."""
        held = np.array([self._held[number] for number in range(len(self.number))], dtype=np.float64)
        idf = np.log1p(np.maximum(0.0, self._n_items - held + 0.5) / (held + 0.5))
        return idf.astype(np.float32)[self.of_word]

    def _weight(self, word: str) -> float:
        held = self._held.get(self.number.get(stem(word), -1), 0)
        if not held:
            return 0.0
        return float(np.log1p(max(0.0, self._n_items - held + 0.5) / (held + 0.5)))

    def _variants(self, texts: list[str]) -> Iterator[str]:
        own = set(texts)
        for word in texts:
            others = self._of_stem.get(self.number.get(stem(word), -1), ())
            yield from (other for other in others[:MAX_VARIANTS] if other not in own)

    @cached_property
    def _held(self) -> Mapping[int, int]:
        """How many items hold a stem, at least: those of its commonest word."""
        most = np.zeros(len(self.number), dtype=np.int64)
        held = self._lexical.held[: len(self.of_word)]
        np.maximum.at(most, self.of_word[: len(held)], held)
        return dict(enumerate(most.tolist()))

    @cached_property
    def _of_stem(self) -> Mapping[int, tuple[str, ...]]:
        """The words of each stem that has several, the commonest first."""
        words = dict[int, list[str]]()
        for word, at in self._lexical.vocabulary.items():
            if at < len(self.of_word):
                words.setdefault(int(self.of_word[at]), []).append(word)
        held, number = self._lexical.held, self._lexical.vocabulary
        return {
            of: tuple(sorted(own, key=lambda word: -int(held[number[word]])))
            for of, own in words.items()
            if len(own) > 1
        }

    @cached_property
    def _spellings(self) -> NearStrings:
        return NearStrings([word for word in self._lexical.vocabulary if word.isalpha() and len(word) >= 4])

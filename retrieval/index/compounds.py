"""Words that end a compound: who asks for a "Regal" means a "Bücherregal" too.

German and Dutch write compounds as one word whose last part says what it is. In catalogues of other languages a
word at the end of another says nothing of the kind ("ship" in "friendship"), so there is nothing to find.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.index.catalog_language import catalog_language
from tastemaker.retrieval.text.light_stems import stem

LANGUAGES = frozenset({"de", "nl"})
MIN_HEAD, MIN_FIRST = 4, 3
"""Letters of the asked word, and of what stands before it in a compound."""
MOST = 200
"""Compounds of one word that are looked up."""


class Compounds:
    """The words of a vocabulary by their ends. Safe to share between threads."""

    def __init__(self, vocabulary: Iterable[str], language: str) -> None:
        self._language = language
        self._reversed = sorted((stem(word, language)[::-1], word) for word in vocabulary if word.isalpha())

    @classmethod
    def of(cls, vocabulary: Iterable[str], catalog: Catalog) -> Compounds | None:
        """Those of a catalogue; None where its language writes none as one word."""
        language = catalog_language(catalog)
        return cls(vocabulary, language) if language in LANGUAGES else None

    def ending_in(self, word: str) -> Iterator[str]:
        """The words of the vocabulary whose last part is this one, in any of its forms.

        >>> list(Compounds(["bucherregal", "wandregale", "regal", "regalbrett", "tisch"], "de").ending_in("regal"))
        ['wandregale', 'bucherregal']
        """
        head = stem(word, self._language)
        if len(head) < MIN_HEAD or not word.isalpha():
            return
        first = bisect_left(self._reversed, (head[::-1], ""))
        for whole, found in self._reversed[first : first + MOST]:
            if not whole.startswith(head[::-1]):
                return
            if len(whole) >= len(head) + MIN_FIRST:
                yield found

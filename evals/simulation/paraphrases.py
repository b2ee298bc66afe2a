"""The same thing in other words: the phrase of other items whose meaning is nearest."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.item_text import descriptive_values, name_attributes
from tastemaker.retrieval.index.phrase_index import PhraseIndex

MIN_SIMILARITY = 0.5
"""Cosine under which two phrases no longer mean much the same."""

LOOKED_AT = 20
STEM = 4
_NUMBER = re.compile(r"\d")


class Paraphrases:
    """Looks phrases up in a workspace's phrase index."""

    def __init__(self, catalog: Catalog, index: PhraseIndex) -> None:
        names = name_attributes(catalog)
        values = (value.casefold() for item in catalog for value in descriptive_values(item, catalog, names))
        self._phrases = list(dict.fromkeys(values))  # numbered as the index numbers them
        self._numbers = {phrase: number for number, phrase in enumerate(self._phrases)}
        self._vectors = index.vectors

    def of(self, phrase: str) -> str | None:
        """Another phrase of the catalogue without a word in common; None where nothing is near enough."""
        number = self._numbers.get(phrase.casefold())
        if number is None or _NUMBER.search(phrase):  # "1950s" is near "1940s", and yet not the same
            return None
        cosines: npt.NDArray[np.float32] = self._vectors @ self._vectors[number]
        for other in np.argsort(-cosines, kind="stable")[1:LOOKED_AT]:
            if cosines[other] < MIN_SIMILARITY:
                return None
            found = self._phrases[int(other)]
            if not _stems(found) & _stems(phrase) and not _NUMBER.search(found):
                return found
        return None


def _stems(text: str) -> set[str]:
    return {word.norm[:STEM] for word in words(text) if word.norm not in STOPWORDS}

"""The phrase of a definition that is nearest in meaning, where one is near enough."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from tastemaker.retrieval.atomic_write import replace_file
from tastemaker.retrieval.facets.definition import DATA, FacetSet, Meaning
from tastemaker.retrieval.index.embedder import TextEmbedder, Vectors
from tastemaker.retrieval.index.vector_cache import VectorCache, text_hashes

MIN_WORDS, MAX_WORDS = 2, 14
"""A run of words outside is not compared: too little or too much to mean one thing."""
MAX_PHRASES_COMPARED = 24
"""Runs of one message that are compared."""
MAX_PHRASES_OF_MEANING = 24
"""Phrases of one meaning that are embedded: variants beyond say nothing new and cost seconds."""
MIN_PROBABILITY = 0.9
"""Below, a nearest phrase is no match."""
WEIGHTS_FILE = f"{DATA}/phrase-weights.json"


@dataclass(frozen=True)
class Near:
    """A meaning that a run of words probably has.

    Attributes:
        field: the facet.
        meaning: what it asks for.
        probability: that it is meant.
        phrase: the phrase it is nearest to.
    """

    field: str
    meaning: Meaning
    probability: float
    phrase: str


@dataclass(frozen=True)
class Weights:
    """Logistic weights: of the similarity, of the margin before phrases that mean nothing, and the constant."""

    similarity: float
    margin: float
    constant: float

    def probability(self, similarity: float, margin: float) -> float:
        """That the nearest phrase is meant."""
        return 1 / (1 + math.exp(-(self.similarity * similarity + self.margin * margin + self.constant)))


class NearestPhrases:
    """Vectors of the phrases of a definition, made when first needed.

    Args:
        facets: the definition.
        embedder: makes the vectors.
        names: of the facets that count.
        file: keeps the vectors; those of phrases that are no longer there are left out.
    """

    def __init__(
        self, facets: FacetSet, embedder: TextEmbedder, names: frozenset[str], file: Path | None = None
    ) -> None:
        self._file = file
        self._embedder = embedder
        self._meanings = _meanings(facets, names)
        self._phrases = list(self._meanings)
        self._none = list(
            dict.fromkeys(
                [*_spread(facets.no_facet, 300), *(p for k in facets.unknown for p in _spread(k.phrases, 24))]
            )
        )
        self._vectors: tuple[Vectors, Vectors] | None = None
        self._lock = threading.Lock()

    def near(self, phrases: Sequence[str]) -> list[list[Near]]:
        """For each run of words what it probably means; all are embedded in one batch."""
        sizes = [len(phrase.split()) for phrase in phrases]
        fit = [at for at, size in enumerate(sizes) if MIN_WORDS <= size <= MAX_WORDS][:MAX_PHRASES_COMPARED]
        found: list[list[Near]] = [[] for _ in phrases]
        if fit and self._phrases:
            vectors = np.stack([self._embedder.encode_query(phrases[at]) for at in fit])
            for at, near in zip(fit, self.of_vectors(vectors), strict=True):
                found[at] = near
        return found

    def of_vectors(self, vectors: Vectors) -> list[list[Near]]:
        """For each vector of a run of words float32[n, d] what it probably means."""
        return [self._of_row(*near) for near in self.nearest(vectors)]

    def nearest(self, vectors: Vectors) -> list[tuple[float, float, str]]:
        """For each vector float32[n, d] the similarity of the nearest phrase, its margin before those that
        ask for nothing, and the phrase."""
        some, none = self._all_vectors()
        likeness, away = vectors @ some.T, (vectors @ none.T).max(axis=1, initial=0.0)
        best = likeness.argmax(axis=1)
        top = likeness[np.arange(len(best)), best]
        return [
            (float(value), float(value - other), self._phrases[int(at)])
            for value, other, at in zip(top, away, best, strict=True)
        ]

    def meanings(self, phrase: str) -> list[tuple[str, Meaning]]:
        """What one of the phrases asks for, by facet."""
        return self._meanings[phrase]

    def _of_row(self, similarity: float, margin: float, phrase: str) -> list[Near]:
        probability = fitted_weights().probability(similarity, margin)
        if probability < MIN_PROBABILITY:
            return []
        return [
            Near(name, meaning, min(probability, 0.99), phrase) for name, meaning in self._meanings[phrase]
        ]

    def _all_vectors(self) -> tuple[Vectors, Vectors]:
        with self._lock:
            if self._vectors is None:
                texts = [*self._phrases, *self._none]
                vectors, new = _read_cache(self._file, self._embedder).embed_missing(texts, self._embedder)
                if new and self._file is not None:
                    with replace_file(self._file) as file:
                        np.savez(file, vectors=vectors, hashes=text_hashes(texts), model=self._embedder.name)
                self._vectors = vectors[: len(self._phrases)], vectors[len(self._phrases) :]
        return self._vectors


def _read_cache(file: Path | None, embedder: TextEmbedder) -> VectorCache:
    """Vectors of an earlier time, if the file is there and of the same model."""
    if file is None or not file.is_file():
        return VectorCache.none()
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
            same = str(arrays["model"]) == embedder.name
            return VectorCache(arrays["vectors"], arrays["hashes"]) if same else VectorCache.none()
    except (OSError, ValueError, KeyError, BadZipFile):
        return VectorCache.none()


def _meanings(facets: FacetSet, names: frozenset[str]) -> dict[str, list[tuple[str, Meaning]]]:
    """What each phrase asks for; of the many phrases of one meaning only some, evenly spread."""
    all_of: dict[str, list[tuple[str, Meaning]]] = {}
    by_meaning: dict[tuple[str, Meaning], list[str]] = {}
    for name in facets.facets:
        for saying in facets.facets[name].sayings if name in names else ():
            if saying.explicit and saying.phrase.isascii():
                all_of.setdefault(saying.phrase, []).append((name, saying.meaning))
                by_meaning.setdefault((name, saying.meaning), []).append(saying.phrase)
    chosen = {
        phrase for phrases in by_meaning.values() for phrase in _spread(phrases, MAX_PHRASES_OF_MEANING)
    }
    return {phrase: meanings for phrase, meanings in all_of.items() if phrase in chosen}


def _spread(phrases: Sequence[str], most: int) -> list[str]:
    if len(phrases) <= most:
        return list(phrases)
    return [phrases[place * len(phrases) // most] for place in range(most)]


@cache
def fitted_weights() -> Weights:
    """The weights that ``python -m tastemaker.evals.studies.facet_phrases --fit`` wrote."""
    return Weights(**json.loads((files("tastemaker.retrieval") / WEIGHTS_FILE).read_text(encoding="utf-8")))

"""The phrase of a definition that is nearest in meaning, where one is near enough."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from tastemaker.retrieval.facets.definition import DATA, FacetSet, Meaning
from tastemaker.retrieval.index.embedder import TextEmbedder, Vectors

MIN_WORDS, MAX_WORDS = 2, 14
"""A run of words outside is not compared: too little or too much to mean one thing."""
MAX_PHRASES_COMPARED = 24
"""Runs of one message that are compared."""
MIN_PROBABILITY = 0.8
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
    """

    def __init__(self, facets: FacetSet, embedder: TextEmbedder, names: frozenset[str]) -> None:
        self._embedder = embedder
        self._meanings = _meanings(facets, names)
        self._phrases = list(self._meanings)
        self._none = sorted({*facets.no_facet, *(p for kind in facets.unknown for p in kind.phrases[:40])})
        self._vectors: tuple[Vectors, Vectors] | None = None

    def near(self, phrases: Sequence[str]) -> list[list[Near]]:
        """For each run of words what it probably means; all are embedded in one batch."""
        sizes = [len(phrase.split()) for phrase in phrases]
        fit = [at for at, size in enumerate(sizes) if MIN_WORDS <= size <= MAX_WORDS][:MAX_PHRASES_COMPARED]
        found: list[list[Near]] = [[] for _ in phrases]
        if fit:
            vectors = np.stack([self._embedder.encode_query(phrases[at]) for at in fit])
            for at, near in zip(fit, self.of_vectors(vectors), strict=True):
                found[at] = near
        return found

    def of_vectors(self, vectors: Vectors) -> list[list[Near]]:
        """For each vector of a run of words float32[n, d] what it probably means."""
        some, none = self._made()
        likeness, away = vectors @ some.T, (vectors @ none.T).max(axis=1)
        return [self._of_row(row, float(other)) for row, other in zip(likeness, away, strict=True)]

    def _of_row(self, likeness: Vectors, away: float) -> list[Near]:
        best = int(np.argmax(likeness))
        similarity = float(likeness[best])
        probability = fitted_weights().probability(similarity, similarity - away)
        if probability < MIN_PROBABILITY:
            return []
        phrase = self._phrases[best]
        return [Near(name, meaning, min(probability, 0.99), phrase) for name, meaning in self._meanings[phrase]]

    def _made(self) -> tuple[Vectors, Vectors]:
        if self._vectors is None:
            self._vectors = self._embedder.encode(self._phrases), self._embedder.encode(self._none)
        return self._vectors


def _meanings(facets: FacetSet, names: frozenset[str]) -> dict[str, list[tuple[str, Meaning]]]:
    found: dict[str, list[tuple[str, Meaning]]] = {}
    for name in facets.facets:
        if name in names:
            for saying in facets.facets[name].sayings:
                if saying.explicit and saying.phrase.isascii():
                    found.setdefault(saying.phrase, []).append((name, saying.meaning))
    return found


@cache
def fitted_weights() -> Weights:
    """The weights that ``python -m tastemaker.evals.studies.facet_phrases --fit`` wrote."""
    return Weights(**json.loads((files("tastemaker.retrieval") / WEIGHTS_FILE).read_text(encoding="utf-8")))

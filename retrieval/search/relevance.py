"""How well items fit a search: near what is wished for, far from what is not.

"Like X but Y" is vector arithmetic: the mean vector of the items and the wish's, added.
Tags and words are compared with the wish alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.index.embedder import Vectors
from tastemaker.retrieval.index.field_words import FieldWords
from tastemaker.retrieval.index.lexical_index import LexicalIndex
from tastemaker.retrieval.index.phrase_index import PhraseIndex
from tastemaker.retrieval.index.title_keys import TitleKeys
from tastemaker.retrieval.index.vector_index import VectorIndex
from tastemaker.retrieval.search.diversify import novelty
from tastemaker.retrieval.search.fusion import FITTED, Column, Weights, fuse
from tastemaker.retrieval.search.preference import Preference
from tastemaker.retrieval.search.resolved_request import SearchQuery

Rows = npt.NDArray[np.int64]

LIKE_SHARE = 0.65
"""Share of the resembled items' vector beside the wish's; see ``evals/like_but.py``."""

AVOID = 1.0
"""What closeness to something to be avoided takes away, beyond a typical item's."""

ODDS_SHARE = 1 / 16
"""What one of the log odds of a preference counts beside cosines; a share has that slope at a half."""

UNLIKE = 1.0
"""What closeness to an item of the history takes away."""


@dataclass(frozen=True)
class QueryVectors:
    """What items are compared with, and how near each is by tags and words.

    Attributes:
        vector: of its meaning, float32[d]; None where nothing is wished for.
        text_vector: of its text alone, float32[d].
        columns: ``phrase`` and ``words`` of all items, float32[n_items]; empty without a text.
    """

    vector: Vectors | None = None
    text_vector: Vectors | None = None
    columns: dict[str, Column] = field(default_factory=dict)


@dataclass(frozen=True)
class Ways:
    """The ways of searching a catalogue, and what the first three count without the learned ranker.

    ``fields`` and ``titles`` are read from the catalogue when first needed where they are not given.
    """

    index: VectorIndex
    phrases: PhraseIndex
    lexical: LexicalIndex
    weights: Weights = FITTED
    fields: FieldWords | None = None
    titles: TitleKeys | None = None

    def embed_query(self, text: str, like: Sequence[int] = ()) -> QueryVectors:
        """A wish in words, for something like some rows, or both."""
        items = [np.asarray(self.index.vectors[row]) for row in like]
        if not text:
            return QueryVectors(_unit(np.mean(items, axis=0))) if items else QueryVectors()
        own = self.index.embed(text)
        columns = {"phrase": self.phrases.scores(own), "words": self.lexical.scores(text)}
        if not items:
            return QueryVectors(own, own, columns)
        mixed = LIKE_SHARE * _unit(np.mean(items, axis=0)) + (1 - LIKE_SHARE) * own
        return QueryVectors(_unit(mixed), own, columns)

    def nearness(self, query_vectors: QueryVectors, rows: Rows) -> Column:
        """How near rows are to a wish, float32[n], at most 1; 0 where nothing is wished for."""
        if query_vectors.vector is None:
            return np.zeros(len(rows), dtype=np.float32)
        columns = {name: column[rows] for name, column in query_vectors.columns.items()}
        return fuse({"meaning": self.index.vectors[rows] @ query_vectors.vector, **columns}, self.weights)


class Judged(Protocol):
    """Scores any rows for the text of a search, 0 to 1."""

    @property
    def query_vectors(self) -> QueryVectors:
        """The text's vectors, without columns."""

    def scores(self, rows: Rows) -> Column:
        """Float32[n]."""


class Relevance:
    """How well rows fit one search.

    Args:
        ways: of searching the catalogue.
        query: what is asked for.
        popularity: stands in for nearness where nothing is wished for, float32[n_items], 0 to 1.
        sample: rows of typical items, int64[m].
        judged: scores nearness to the text instead of ``ways``, where there is a text.
    """

    def __init__(
        self, ways: Ways, query: SearchQuery, popularity: Column, sample: Rows, judged: Judged | None = None
    ) -> None:
        self._judged = judged
        self.query_vectors = judged.query_vectors if judged else ways.embed_query(query.text, query.like)
        self._ways = ways
        self._popularity = popularity
        self._seen = np.asarray(ways.index.vectors[list(query.unlike)])
        avoided = [ways.embed_query(text) for text in query.avoid_texts]
        avoided += [ways.embed_query("", [row]) for row in query.avoid_items]
        self._avoided = [(one, float(ways.nearness(one, sample).mean())) for one in avoided]

    def scores(self, rows: Rows, preferences: Sequence[Preference] = ()) -> Column:
        """Float32[n], as :class:`tastemaker.retrieval.search.request.Hit` says; higher is better."""
        if self._judged:
            near = self._judged.scores(rows)  # which knows the preferences
        else:
            nothing_else = self.query_vectors.vector is None and not preferences
            near = self._popularity[rows] if nothing_else else self._ways.nearness(self.query_vectors, rows)
            for one in preferences:
                near = near + ODDS_SHARE * one.weight * one.column[rows]
        excess = [self._ways.nearness(one, rows) - typical for one, typical in self._avoided]
        scores = near - AVOID * np.max([np.zeros(len(rows), np.float32), *excess], axis=0)
        if len(self._seen):
            scores = scores - UNLIKE * (1 - novelty(self._ways.index.vectors[rows], self._seen))
        return np.asarray(scores, dtype=np.float32)


def _unit(vector: Vectors) -> Vectors:
    """The vector at length 1; opposite vectors that cancel out stay near zero, pointing nowhere."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), dtype=np.float32)

"""Everything the learned ranker knows of a candidate: words, titles, meaning, what is unwanted, how known it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.index.embedder import Vectors
from tastemaker.retrieval.index.field_words import FieldWords
from tastemaker.retrieval.index.title_keys import TitleKeys
from tastemaker.retrieval.quantities.told_years import YearOdds
from tastemaker.retrieval.search import word_features
from tastemaker.retrieval.search.query_adapter import QueryAdapter, adapter_for
from tastemaker.retrieval.search.query_words import QueryWords, WordStems
from tastemaker.retrieval.search.relevance import Rows, Ways
from tastemaker.retrieval.search.word_features import WordFeatures
from tastemaker.retrieval.text.common_words import is_everyday
from tastemaker.retrieval.text.negations import split_negations
from tastemaker.retrieval.text.sentences import sentences

Column = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]

SHARPNESS = 20.0
"""How much the nearest sentence counts before the others (a soft maximum)."""

MAX_REQUEST_WORDS = 60
"""A longer text tells a story, in which "not" says nothing of what is unwanted."""

SETS = (
    *word_features.NAMES,
    *("words", "title_key", "title_key_share"),
    *("meaning", "adapted", "sentence", "phrase", "unwanted", "unwanted_words", "known"),
)
RELATIVE = (
    *("cover_any", "bm25f", "words", "cover_title", "pairs", "title_said", "bm25_title", "bm25_names"),
    *("meaning", "adapted", "sentence"),
)
"""Features also given as the distance from the best of the query's candidates."""
NAMES = (*SETS, *(f"{name}_below_best" for name in RELATIVE), "query_words", "query_known", "query_everyday")


@dataclass(frozen=True)
class TextQuery:
    """A text made ready to be compared with items.

    Attributes:
        text: as asked.
        words: of what is wanted.
        expanded: the words with others of the same stems and with misspelt ones mended.
        vector: of what is wanted, float32[d].
        parts: of its sentences, float32[n, d].
        unwanted: of what is not, float32[m, d].
        unwanted_words: of all that is not.
        everyday: the share of its words that people use in every chat, by which a sentence differs from keywords.
    """

    text: str
    words: QueryWords
    expanded: str
    vector: Vectors
    parts: Vectors
    unwanted: Vectors
    unwanted_words: QueryWords
    everyday: float


class CloseLook:
    """Looks at candidates of one catalogue. Read-only, safe to share between threads.

    Args:
        catalog: the items.
        ways: of searching them.
        known: how well known each is, float32[n_items], 0 to 1.
        sample: rows of typical items, int64[m].
        adapter: of query vectors; that of the encoder unless given.
    """

    def __init__(
        self, catalog: Catalog, ways: Ways, known: Column, sample: Rows, adapter: QueryAdapter | None = None
    ) -> None:
        self._ways = ways
        self.catalog = catalog
        self._known = known
        self._sample = sample
        self.adapter = adapter or adapter_for(ways.index.encoder)

    def read(self, text: str) -> TextQuery:
        """Cut a text into what is wanted and what is not, into words and sentences, and encode them."""
        asked = split_negations(text if len(text.split()) <= MAX_REQUEST_WORDS else "")
        wanted = asked.wanted if asked.unwanted and asked.wanted else text
        words = self.stems.read(wanted)
        said = sentences(wanted)
        vector = self._ways.index.embed(wanted)
        size = len(vector)
        parts = self._embedded(said) if len(said) > 1 else vector[None]
        return TextQuery(
            text,
            words,
            " ".join((wanted, *words.texts, *words.variants)),
            vector,
            parts,
            self._embedded(list(asked.unwanted)) if asked.unwanted else np.zeros((0, size), np.float32),
            self.stems.read(" ".join(asked.unwanted)),
            float(np.mean([is_everyday(word) for word in text.split()] or [False])),
        )

    def adapted(self, query: TextQuery) -> Vectors:
        """The vector to search for, float32[d]."""
        return self.adapter.of(query.vector) if self.adapter else query.vector

    def said_titles(self, query: TextQuery) -> dict[int, tuple[float, float]]:
        """Rows whose whole title is in the text, as :meth:`TitleKeys.said` gives them."""
        return self.titles.said(query.text)

    def features(self, query: TextQuery, rows: Rows, words: Column, best_of: Matrix | None = None) -> Matrix:
        """The columns of :data:`NAMES`, float32[n, len(NAMES)].

        Args:
            query: from :meth:`read`.
            rows: of the candidates, int64[n].
            words: the word index's scores of the expanded text, float32[n_items].
            best_of: what :meth:`best` gave for the query's candidates, where these rows are others.
        """
        own = self.own_features(query, rows, words)
        return self.beside_best(query, own, self.best(own) if best_of is None else best_of)

    @staticmethod
    def beside_best(query: TextQuery, own: Matrix, best: Matrix) -> Matrix:
        """The columns of :data:`NAMES` of rows whose own features are known, float32[n, len(NAMES)].

        Args:
            query: from :meth:`read`.
            own: from :meth:`own_features`.
            best: of the query's candidates, from :meth:`best`.
        """
        below = own[:, _RELATIVE] - best
        known = float((query.words.weights > 0).mean()) if len(query.words.weights) else 0.0
        said = np.array([np.log1p(len(query.words.order)), known, query.everyday], dtype=np.float32)
        return np.concatenate([own, below, np.tile(said, (len(own), 1))], axis=1, dtype=np.float32)

    @staticmethod
    def best(features: Matrix) -> Matrix:
        """The best of each relative feature, float32[len(RELATIVE)]."""
        if not len(features):
            return np.zeros(len(RELATIVE), dtype=np.float32)
        return np.asarray(features[:, _RELATIVE].max(axis=0), dtype=np.float32)

    def own_features(self, query: TextQuery, rows: Rows, words: Column) -> Matrix:
        """The columns of :data:`SETS`, which need no other item, float32[n, len(SETS)]."""
        titles = self.said_titles(query)
        keys = np.array([titles.get(int(row), (0.0, 0.0)) for row in rows], np.float32).reshape(-1, 2)
        columns = [
            *self._words.of(query.words, rows).T,
            words[rows],
            *keys.T,
            *self._meaning(query, rows),
            self._ways.phrases.scores_of(rows, query.vector),
            self._beyond_typical(query.unwanted, rows),
            self._words.of(query.unwanted_words, rows)[:, word_features.NAMES.index("cover_any")],
            self._known[rows],
        ]
        return np.stack(columns, axis=1).astype(np.float32)

    def _meaning(self, query: TextQuery, rows: Rows) -> tuple[Matrix, Matrix, Matrix]:
        """Cosine beyond a typical item's: of the text, of its adapted vector, of its sentences."""
        vectors, typical = np.asarray(self._ways.index.vectors[rows]), self._typical
        turned = self.adapted(query)
        parts = self.adapter.of(query.parts) if self.adapter else query.parts
        apart = (vectors - typical) @ parts.T
        soft = np.log(np.exp(SHARPNESS * apart).mean(axis=1)) / SHARPNESS
        plain: Matrix = np.asarray((vectors - typical) @ query.vector, dtype=np.float32)
        return plain, np.asarray((vectors - typical) @ turned, dtype=np.float32), soft.astype(np.float32)

    def _beyond_typical(self, wishes: Vectors, rows: Rows) -> Column:
        """The highest cosine with any of the wishes, beyond a typical item's, at least 0."""
        if not len(wishes):
            return np.zeros(len(rows), dtype=np.float32)
        excess = (np.asarray(self._ways.index.vectors[rows]) - self._typical) @ wishes.T
        return np.asarray(np.maximum(excess.max(axis=1), 0), dtype=np.float32)

    def _embedded(self, texts: list[str]) -> Vectors:
        index = self._ways.index
        index.prepare(texts)  # what is for many texts at once loads a library for seconds
        return np.stack([np.asarray(index.embed(text)) for text in texts])

    @cached_property
    def _typical(self) -> Vectors:
        """The mean vector of typical items, float32[d]."""
        return np.asarray(np.mean(self._ways.index.vectors[self._sample], axis=0), dtype=np.float32)

    @cached_property
    def stems(self) -> WordStems:
        """The catalogue's words by stem."""
        return WordStems(self._ways.lexical, len(self.catalog))

    @cached_property
    def titles(self) -> TitleKeys:
        """The catalogue's titles."""
        return self._ways.titles or TitleKeys.of(self.catalog)

    @cached_property
    def year_odds(self) -> YearOdds:
        """What a description's years say of the catalogue's."""
        return YearOdds(self.catalog)

    @cached_property
    def _words(self) -> WordFeatures:
        fields = self._ways.fields or FieldWords.of(self.catalog, self._ways.lexical.vocabulary)
        return WordFeatures(fields, self.stems)


_RELATIVE = [SETS.index(name) for name in RELATIVE]

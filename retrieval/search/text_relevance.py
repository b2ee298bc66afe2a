"""How well items fit a text, by the learned ranker, and where its candidates come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.search.close_look import NAMES, CloseLook
from tastemaker.retrieval.search.learned_ranker import LearnedRanker, shipped_ranker
from tastemaker.retrieval.search.preference import Preference
from tastemaker.retrieval.search.relevance import QueryVectors, Rows, Ways
from tastemaker.retrieval.search.unwanted import correction_for

Column = npt.NDArray[np.float32]

LONG = 20
"""Words from which a text is a description, for which the adapter was learned."""
SPREAD = 4.0
"""Log odds that take a score from a half to about three quarters."""


class TextRelevance:
    """Scores of one text in one catalogue.

    Args:
        look: at candidates.
        ways: of searching the catalogue.
        text: what is asked for, not empty.
        preferences: further wishes.
        ranker: the weights; those in the package unless given.
    """

    def __init__(
        self,
        look: CloseLook,
        ways: Ways,
        text: str,
        preferences: Sequence[Preference] = (),
        ranker: LearnedRanker | None = None,
    ) -> None:
        self._look = look
        self._preferences = preferences
        self._given = ranker
        self._correction = correction_for(look.catalog)
        self.query = look.read(text)
        self.words: Column = ways.lexical.scores(self.query.expanded)
        self._best: Column | None = None
        self._features: tuple[Rows, Column] | None = None

    @classmethod
    def unranked(cls, look: CloseLook, ways: Ways, text: str) -> TextRelevance:
        """One that only finds candidates and looks at them, for fitting a ranker."""
        return cls(look, ways, text)

    @cached_property
    def _ranker(self) -> LearnedRanker:
        return self._given or shipped_ranker(NAMES)

    def vectors(self) -> Iterator[npt.NDArray[np.float32]]:
        """Vectors whose nearest items are candidates."""
        yield self._look.adapted(self.query) if self._describes else self.query.vector

    @property
    def _describes(self) -> bool:
        return len(self.query.words.order) >= LONG

    @property
    def query_vectors(self) -> QueryVectors:
        """The text's vectors, without columns."""
        return QueryVectors(self.query.vector, self.query.vector)

    @cached_property
    def titles(self) -> Rows:
        """Rows whose title the text says."""
        return np.array(sorted(self._look.said_titles(self.query)), dtype=np.int64)

    @cached_property
    def preferred(self) -> Column | None:
        """What the preferences add to each item's log odds, float32[n_items]; None without any."""
        if not self._preferences:
            return None
        total = np.sum([one.weight * one.column for one in self._preferences], axis=0)
        return np.asarray(total, dtype=np.float32)

    def see(self, rows: Rows) -> None:
        """Look at the candidates, with whose best all rows are compared from then on."""
        self._features = (rows, self._look.features(self.query, rows, self.words))
        self._best = self._look.best(self._features[1])

    def scores_of_all(self, candidates: Rows) -> Column:
        """The scores of all items, compared with the best of the candidates, float32[n_items], 0 to 1.

        The same as :meth:`see` and then :meth:`scores`, with each item looked at once.
        """
        rows = np.arange(len(self._look.catalog), dtype=np.int64)
        own = self._look.own_features(self.query, rows, self.words)
        features = self._look.beside_best(self.query, own, self._look.best(own[candidates]))
        return self._scaled(self._odds(features, rows), rows)

    def scores(self, rows: Rows) -> Column:
        """The scores of any rows, float32[n], 0 to 1; those of the candidates after :meth:`see` cost nothing."""
        if self._features is not None and rows is self._features[0]:
            return self._scaled(self._odds(self._features[1], rows), rows)
        features = self._look.features(self.query, rows, self.words, self._best)
        return self._scaled(self._odds(features, rows), rows)

    def _odds(self, features: Column, rows: Rows) -> Column:
        odds = self._correction.of(self._ranker.scores(features), features)
        told = self._look.year_odds.of(self.query.text, rows) if self._describes else None
        return odds if told is None else odds + told

    def _scaled(self, odds: Column, rows: Rows) -> Column:
        if self.preferred is not None:
            odds = odds + self.preferred[rows]
        return np.asarray(1 / (1 + np.exp(-odds / SPREAD)), dtype=np.float32)

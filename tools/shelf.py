"""Everything the tools draw on, opened once and shared by all sessions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.constraints import Constraint, mask
from tastemaker.retrieval.titles import TitleResolver

if TYPE_CHECKING:
    from tastemaker.recommenders import Query, Recommender
    from tastemaker.retrieval.vector_index import VectorIndex

DEFAULT_K = 100
"""How many candidates a tool returns unless told otherwise."""


@dataclass(frozen=True)
class Shelf:
    """A catalogue with what searches and ranks it. Read-only, safe to share between threads.

    Attributes:
        catalog: the items.
        popularity: interactions per row, int64[n_items].
        recommender: ranks the catalogue for a history.
        index: finds items by text.
        resolver: finds items by title.
    """

    catalog: Catalog
    popularity: npt.NDArray[np.int64]
    recommender: Recommender
    index: VectorIndex
    resolver: TitleResolver

    def allowed(self, constraints: Sequence[Constraint], exclude: Collection[str]) -> npt.NDArray[np.bool_]:
        """Rows that meet every constraint and are not excluded, bool[n_items]."""
        keep = mask(self.catalog, constraints)
        keep[self.catalog.rows(i for i in exclude if i in self.catalog)] = False
        return keep

    def rank_scores(self, query: Query) -> npt.NDArray[np.float32]:
        """The recommender's scores by catalogue row, float32[n_items]; -inf where it cannot score an item."""
        scores = np.append(self.recommender.scores(query), np.float32(-np.inf))
        return scores[self._vocabulary_rows]

    @cached_property
    def _vocabulary_rows(self) -> npt.NDArray[np.int64]:
        """Catalogue row -> position in the recommender's vocabulary, -1 where it has none."""
        position = {item_id: i for i, item_id in enumerate(self.recommender.vocabulary.ids)}
        return np.array([position.get(item_id, -1) for item_id in self.catalog.ids], dtype=np.int64)

    def best(
        self, scores: npt.NDArray[np.float32], keep: npt.NDArray[np.bool_], k: int
    ) -> tuple[tuple[str, float], ...]:
        """The k best kept rows of ``scores`` float32[n_items], ties in row order."""
        rows = np.flatnonzero(keep)
        order = rows[np.argsort(-scores[rows], kind="stable")[:k]]
        return tuple((self.catalog.at(int(row)).id, float(scores[row])) for row in order)

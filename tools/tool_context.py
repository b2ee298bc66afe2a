"""Everything the tools draw on, opened once and shared by all sessions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from tastemaker.tools.search_context import Column, SearchContext, mask_scores

if TYPE_CHECKING:
    from tastemaker.recommenders import AttributeRanker, Query, Recommender
    from tastemaker.retrieval.catalog.interactions import Interactions
    from tastemaker.retrieval.titles.near_duplicates import DuplicateGroups
    from tastemaker.tools.dialogue_context import DialogueContext

__all__ = ["DEFAULT_K", "Column", "ConversationScorer", "ToolContext", "mask_scores"]

DEFAULT_K = 300
"""How many candidates a tool returns unless told otherwise: deep enough that lists overlap."""


class ConversationScorer(Protocol):
    """Scores the catalogue for a conversation; see :mod:`tastemaker.tools.conversation_ranker.ranker`."""

    def scores(self, dialogue: DialogueContext) -> Column:
        """float32[n_items], higher for what somebody who recommends would name next."""


@dataclass(frozen=True, kw_only=True)
class ToolContext(SearchContext):
    """A catalogue with what searches and ranks it. Read-only, safe to share between threads.

    Attributes:
        recommender: ranks the catalogue for a history.
        ranker: the same, re-weighted by attributes; learns an attribute when it is first asked for.
        groups: items that are one thing listed twice, or variants of one product.
        log: who took what.
        conversation: what logged conversations taught, where any were learned from.
    """

    recommender: Recommender
    ranker: AttributeRanker
    groups: DuplicateGroups
    log: Interactions | None = None
    conversation: ConversationScorer | None = None

    def rank_scores(self, query: Query) -> Column:
        """The recommender's scores by catalogue row, float32[n_items]; -inf where it cannot score an item."""
        model = self.ranker if query.weights else self.recommender
        scores = np.append(model.scores(query), np.float32(-np.inf))
        return scores[self._vocabulary_rows]

    @cached_property
    def _vocabulary_rows(self) -> npt.NDArray[np.int64]:
        """Catalogue row -> position in the recommender's vocabulary, -1 where it has none."""
        position = {item_id: i for i, item_id in enumerate(self.recommender.vocabulary.ids)}
        return np.array([position.get(item_id, -1) for item_id in self.catalog.ids], dtype=np.int64)

"""Recommenders over item texts: they take wishes in words, and items that nobody took yet."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, cast

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

from tastemaker.recommenders.data.item_content import ItemContent, ItemTable
from tastemaker.recommenders.data.query import Query
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.layers.text_items import TEXT_VECTORS, TextItems
from tastemaker.recommenders.models.content_recommender import ContentRecommender
from tastemaker.recommenders.training.model_config import ModelConfig
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError


class TextRecommender(ContentRecommender):
    """An encoder over :class:`TextItems`; a subclass says how history and wish are mixed."""

    uses: ClassVar[frozenset[str]] = frozenset({"history", "text"})
    needs: ClassVar[str] = "item texts"

    @classmethod
    def item_table(
        cls,
        content: ItemContent,
        interactions: Interactions,  # noqa: ARG003 - the same for all
        settings: ModelConfig,  # noqa: ARG003
        seed: int,  # noqa: ARG003
        checkpoint: Path,  # noqa: ARG003
        progress: bool,  # noqa: ARG003
    ) -> ItemTable:
        """Text vectors of all items."""
        vectors = torch.from_numpy(np.array(content.text_vectors()))
        return ItemTable(len(vectors), {TEXT_VECTORS: vectors})

    def can_serve(self, resolved: ResolvedQuery) -> bool:
        """A history, or a wish in words, is enough."""
        return len(resolved.rows) > 0 or self._has_text(resolved.query)

    def read(self, query: Query) -> ResolvedQuery:
        """As in every recommender; a wish that can't be read for want of an embedder is noted."""
        resolved = super().read(query)
        if query.text and self.embedder is None:
            resolved = replace(resolved, ignored=("text (no embedder was given)", *resolved.ignored))
        return resolved

    def states(self, resolved_queries: Sequence[ResolvedQuery]) -> Tensor:
        """Where histories and wishes lead, float32[len(readings), d]."""
        own = [place for place, resolved in enumerate(resolved_queries) if len(resolved.rows)]
        states = torch.zeros(len(resolved_queries), self._items.shape[1])
        if own:
            states[own] = super().states([resolved_queries[place] for place in own])
        for place, resolved in enumerate(resolved_queries):
            if self._has_text(resolved.query):
                known = states[place] if len(resolved.rows) else None
                states[place] = self.mix(known, self._wish(resolved.query))
        return states

    @abstractmethod
    def mix(self, state: Tensor | None, text_vector: Tensor) -> Tensor:
        """The state of a history (None where there is none) and a wish's item vector as one, float32[d]."""

    def extend_table(self, content: ItemContent) -> ItemTable:
        """Text vectors of all items."""
        return ItemTable(len(content.catalog), {TEXT_VECTORS: self.extend_vectors(content)})

    def _has_text(self, query: Query) -> bool:
        return bool(query.text and query.text.strip()) and self.embedder is not None

    def _wish(self, query: Query) -> Tensor:
        if self.embedder is None or query.text is None:
            raise ConfigError("a wish in words needs an embedder")
        vector = torch.from_numpy(np.array(self.embedder.encode_query(query.text)))
        return cast(TextItems, self.model.items).project(vector[None])[0]


def mix_directions(state: Tensor | None, text_vector: Tensor, share: float) -> Tensor:
    """The weighted mean of two vectors of one length, float32[d], made as long as they are.

    Args:
        state: of a history; None where there is none.
        text_vector: of a wish in words.
        share: weight of the wish, 0 to 1.
    """
    if state is None:
        return text_vector
    mixed: Tensor = normalize(share * text_vector + (1 - share) * state, dim=-1) * text_vector.norm()
    return mixed

"""SynerGen: search queries and interactions in one sequence, retrieval and ranking by tokens over one backbone.

Gao et al., "SynerGen: Contextualized Generative Recommender for Unified Search and Recommendation" (2025); weights,
the form of the time rotation and the number of negatives are not published. A log of interactions holds no searches,
so words of the next item's title stand for one at a share of the places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Self, cast

import numpy as np
import numpy.typing as npt
import torch
from pydantic import Field, model_validator
from torch import Tensor

from tastemaker.recommenders.data.array_types import Scores
from tastemaker.recommenders.data.item_content import ItemContent, ItemTable
from tastemaker.recommenders.data.query import Query
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.layers.generative.code_tokens import CodeTokens
from tastemaker.recommenders.layers.generative.task_decoder import TaskDecoder
from tastemaker.recommenders.layers.generative.task_model import TaskModel
from tastemaker.recommenders.losses.task_loss import TaskLoss
from tastemaker.recommenders.models.generative.token_recommender import TokenConfig, TokenRecommender
from tastemaker.recommenders.training.matmul_precision import encoder_matmul
from tastemaker.recommenders.training.model_config import ModelConfig
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError

SEARCHES, TEXT_WIDTH = "searches", "text_width"
"""Names of the arrays float32[n_items, t], of words that each item might be searched for by, kept for the training
alone, and int64[1], t."""
WORDS = 3
"""Of a title, at most so many are searched for."""


class SynerGenConfig(TokenConfig):
    """Sizes, ids, search and training.

    Attributes:
        searched: in training, share of the places where words of the next item's title are searched for; 0: the
            model reads no wishes in words.
        asked: in training, places per window at which both tasks are set.
        negatives: in training, items per place that the ranking token is to turn down.
        rank_weight: of the ranking token beside the id's log-probability.
    """

    searched: float = Field(default=0.3, ge=0, le=1)
    asked: int = Field(default=8, ge=1)
    negatives: int = Field(default=3, ge=1)
    rank_weight: float = Field(default=0.5, ge=0)

    @model_validator(mode="after")
    def _heads_turn(self) -> SynerGenConfig:
        if self.size // self.heads % 2:
            raise ValueError(f"size ({self.size}) over heads ({self.heads}) must be even: pairs are turned")
        return self

    def decoder(self, tokens: CodeTokens, table: ItemTable) -> TaskDecoder:
        """Causal over the tokens of all items, with rotary positions."""
        sizes = (self.size, self.layers, self.heads, self.max_length, self.dropout)
        texts = int(table.frozen[TEXT_WIDTH][0]) if self.searched else 0
        return TaskDecoder(tokens, *sizes, texts)

    def compose(self, table: ItemTable) -> TaskModel:
        """Code tokens + decoder + the tree of ids + what is searched for."""
        parts = self.parts(table)
        decoder = cast(TaskDecoder, parts[0])
        return TaskModel(decoder, *parts[1:], self.rank_weight, table.frozen.get(SEARCHES))

    def objective(self, counts: Tensor) -> TaskLoss:  # noqa: ARG002 - codes are all equally many
        """Both tasks."""
        return TaskLoss(
            self.dense_share, self.asked, self.searched, self.negatives, encoder_matmul(self.size)
        )


class SynerGen(TokenRecommender):
    """Semantic ids after a history and a search in words, both dated; a ranking token orders what the beam reaches."""

    name: ClassVar[str] = "synergen"
    uses: ClassVar[frozenset[str]] = frozenset({"history", "text"})
    config_class: ClassVar[type[ModelConfig]] = SynerGenConfig

    @classmethod
    def item_table(
        cls,
        content: ItemContent,
        interactions: Interactions,
        settings: ModelConfig,
        seed: int,
        checkpoint: Path,
        progress: bool,
    ) -> ItemTable:
        """Ids, and what the items might be searched for by."""
        table = super().item_table(content, interactions, settings, seed, checkpoint, progress)
        if not cast(SynerGenConfig, settings).searched:
            return table
        if content.embedder is None:
            raise ConfigError("synergen reads searches in words; pass an embedder, or set searched=0")
        vectors = torch.from_numpy(np.array(content.embedder.encode(title_searches(content.catalog, seed))))
        return table.with_arrays({SEARCHES: vectors, TEXT_WIDTH: torch.tensor([vectors.shape[1]])})

    @classmethod
    def _train(cls, settings: ModelConfig, vocabulary, table: ItemTable, *rest) -> Self:  # type: ignore[no-untyped-def]
        trained = super()._train(settings, vocabulary, table, *rest)
        trained.table = ItemTable(
            table.n_items, {name: array for name, array in table.frozen.items() if name != SEARCHES}
        )
        cast(TaskModel, trained.model).searches = None
        return trained

    @property
    def reads_texts(self) -> bool:
        """Item texts for ids, or searches."""
        return super().reads_texts or cast(SynerGenConfig, self.settings).searched > 0

    def with_items(self, content: ItemContent) -> Self:
        """The same model over another catalogue; ids of behaviour alone have none for new items."""
        return super().with_items(content) if cast(SynerGenConfig, self.settings).source.reads_texts else self

    def can_serve(self, resolved: ResolvedQuery) -> bool:
        """A history, or a search in words, is enough."""
        return len(resolved.rows) > 0 or self._has_search(resolved.query)

    def read(self, query: Query) -> ResolvedQuery:
        """As in every recommender; a search that can't be read is noted."""
        resolved = super().read(query)
        if query.text and not self._has_search(query):
            resolved = replace(resolved, ignored=("text (no embedder was given)", *resolved.ignored))
        return resolved

    def _search(
        self, resolved_queries: Sequence[ResolvedQuery], allowed: npt.NDArray[np.bool_] | None
    ) -> Scores:
        wanted = None if allowed is None else torch.from_numpy(allowed)[None]
        with torch.inference_mode():
            scores: Scores = (
                cast(TaskModel, self.model)
                .search(self._sequences(resolved_queries), self._items, wanted, self._asked(resolved_queries))
                .numpy()
            )
        return scores

    def _asked(self, resolved_queries: Sequence[ResolvedQuery]) -> Tensor | None:
        searched = [place for place, own in enumerate(resolved_queries) if self._has_search(own.query)]
        if not searched or self.embedder is None:
            return None
        vectors = torch.zeros(len(resolved_queries), int(self.table.frozen[TEXT_WIDTH][0]))
        for place in searched:
            text = resolved_queries[place].query.text or ""
            vectors[place] = torch.from_numpy(np.array(self.embedder.encode_query(text)))
        return vectors

    def _has_search(self, query: Query) -> bool:
        able = cast(SynerGenConfig, self.settings).searched > 0 and self.embedder is not None
        return able and bool(query.text and query.text.strip())


def title_searches(catalog: Catalog, seed: int) -> list[str]:
    """For each item two or three words of its title, in their order; the whole title where it has fewer.

    Args:
        catalog: the items.
        seed: of the draw.
    """
    random, found = np.random.default_rng(seed), []
    for item in catalog:
        words = re.findall(r"\w+", item.title)
        most = int(random.integers(2, WORDS + 1))
        chosen = np.sort(random.permutation(len(words))[:most])
        found.append(" ".join(words[place] for place in chosen))
    return found

"""Recommenders whose items are known by their semantic ids; new items get one by their texts."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Self, cast

import numpy as np
import torch

from tastemaker.recommenders.data.item_content import ItemContent, ItemTable
from tastemaker.recommenders.models.content_recommender import ContentRecommender
from tastemaker.recommenders.models.generative.id_config import IdConfig
from tastemaker.recommenders.semantic_ids.semantic_ids import CODES, SemanticIds
from tastemaker.recommenders.training.fit import trainable_part
from tastemaker.recommenders.training.model_config import ModelConfig
from tastemaker.retrieval.catalog.interactions import Interactions

VECTORS, COUNTS, TRAINED = "vectors", "counts", "trained"
"""Names of the arrays float32[n_items, v], what ids are cut from, int64[n_items], how often each item was
taken, and bool[n_items], which items the training knew."""


class IdRecommender(ContentRecommender):
    """A model over a table of ids, cut from what the training may learn from."""

    needs: ClassVar[str] = "item texts"

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
        """Ids cut without the validation items."""
        own = cast(IdConfig, settings)
        log, n_items = trainable_part(interactions, own.training), len(content.catalog)
        ids, vectors = own.ids(content, log, seed, checkpoint, progress)
        table = ItemTable(n_items, ids.frozen())
        if not own.keeps_vectors:
            return table
        more = {
            VECTORS: torch.from_numpy(vectors),
            COUNTS: torch.from_numpy(log.counts(n_items).astype(np.int64)),
            TRAINED: torch.ones(n_items, dtype=torch.bool),
        }
        return table.with_arrays(more)

    @property
    def reads_texts(self) -> bool:
        """Unless ids are of behaviour alone."""
        return cast(IdConfig, self.settings).source.reads_texts

    def extend_table(self, content: ItemContent) -> ItemTable:
        """Known items keep their ids, new ones get theirs by their texts."""
        self.attach(content.embedder)
        config, frozen = cast(IdConfig, self.settings), self.table.frozen
        ids, vocabulary = SemanticIds.read(config.tokenizer, frozen), content.vocabulary
        new = [row for row, id_ in enumerate(vocabulary.ids) if id_ not in self.vocabulary]
        codes = self._move(ids.codes.astype(np.float32), vocabulary).astype(np.int64)
        texts = content.text_vectors(new) if new else None
        if texts is not None:
            codes[new] = ids.of_texts(texts)
        moved = {CODES: torch.from_numpy(codes.astype(np.int16))}
        if config.keeps_vectors:
            vectors = self._move(frozen[VECTORS].numpy(), vocabulary)
            if texts is not None and ids.texts is not None:
                vectors[new] = ids.texts.of(texts)
            counts = self._move(frozen[COUNTS].numpy().astype(np.float32), vocabulary).astype(np.int64)
            trained = self._move(frozen[TRAINED].numpy().astype(np.float32), vocabulary) > 0
            moved |= {VECTORS: torch.from_numpy(vectors), COUNTS: torch.from_numpy(counts)}
            moved |= {TRAINED: torch.from_numpy(trained)}
        return ItemTable(len(codes), {**frozen, **moved})

    def with_items(self, content: ItemContent) -> Self:
        """The same model over another catalogue; ids of behaviour alone have none for new items."""
        return super().with_items(content) if self.reads_texts else self

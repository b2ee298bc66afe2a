"""RPG: semantic ids whose codes are predicted all at once.

Hou et al., "Generating Long Semantic IDs in Parallel for Recommendation" (KDD 2025). Scores are its exact
ones; its walk through a graph of items, which saves time at millions of them, is left out. RecGPT (Jiang et
al., 2025) is the same with ``tokenizer = "finite-scalar"`` and ``source = "text"``.
"""

from __future__ import annotations

from typing import ClassVar, Literal, Self, cast

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemContent, ItemTable
from tastemaker.recommenders.layers.causal_encoder import CausalEncoder
from tastemaker.recommenders.layers.code_items import CodeItems
from tastemaker.recommenders.layers.code_model import CodeModel
from tastemaker.recommenders.layers.unit_encoder import UnitCausalEncoder
from tastemaker.recommenders.losses.code_loss import CodeLoss
from tastemaker.recommenders.models.content_recommender import ContentRecommender
from tastemaker.recommenders.models.sequence_model_config import EncoderConfig
from tastemaker.recommenders.semantic_ids.item_vectors import Behaviour, Source, item_vectors
from tastemaker.recommenders.semantic_ids.semantic_ids import CODE_COUNT, CODES, SemanticIds
from tastemaker.recommenders.training.fit import trainable_part
from tastemaker.recommenders.training.matmul_precision import encoder_matmul
from tastemaker.recommenders.training.model_config import ModelConfig
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError


class RPGConfig(EncoderConfig):
    """Sizes, ids and training.

    Attributes:
        source: what ids are cut from: ``interactions``, ``text``, ``both``, or ``graph``, texts that
            are spread over the interactions.
        behaviour: how the log becomes vectors: ``latent`` or, where most items are rare, ``diffused``.
        text_share: for ``both``, weight of texts beside behaviour.
        directions: widths of behaviour and of texts before they are cut.
        tokenizer: what cuts them.
        levels: codes per id.
        codes: values per level.
        start: codes begin as the ``centres`` that they stand for, and states as directions, so that training
            starts from nearness to the last item; or both begin at ``random``.
        temperature: with ``centres``, of the cosines; lower makes them sharper.
    """

    source: Source = Source.BOTH
    behaviour: Behaviour = Behaviour.LATENT
    text_share: float = Field(default=0.5, ge=0)
    directions: int = Field(default=32, ge=1)
    tokenizer: Literal["residual-kmeans", "product", "finite-scalar", "rq-vae"] = "residual-kmeans"
    levels: int = Field(default=4, ge=1)
    codes: int = Field(default=64, ge=2, le=15_360)
    start: Literal["centres", "random"] = "centres"
    temperature: float = Field(default=0.15, gt=0)

    def compose(self, table: ItemTable) -> CodeModel:
        """Code items + causal encoder + a head per level."""
        codes, count = table.frozen[CODES], int(table.frozen[CODE_COUNT][0])
        sizes = (self.size, self.layers, self.heads, self.max_length, self.dropout)
        if self.start == "random":
            return CodeModel(CodeItems(codes, count, self.size), CausalEncoder(*sizes), self.size, scale=1.0)
        start = torch.from_numpy(SemanticIds.read(self.tokenizer, table.frozen).tokenizer.code_vectors())
        if start.shape[2] > self.size:
            raise ConfigError(
                f"codes stand for vectors of width {start.shape[2]}, which size={self.size} cannot hold: "
                "raise size, lower directions, or set start=random"
            )
        items = CodeItems(codes, count, self.size, start)
        encoder = UnitCausalEncoder(*sizes, self.temperature)
        return CodeModel(items, encoder, self.size, scale=float(self.levels) ** 0.5)

    def objective(self, counts: Tensor) -> CodeLoss:  # noqa: ARG002 - codes are all equally many
        """The next item's codes."""
        return CodeLoss(encoder_matmul(self.size))

    def ids(self, content: ItemContent, log: Interactions, seed: int) -> SemanticIds:
        """Ids of the items, from this log alone."""
        texts = content.text_vectors() if self.source.reads_texts else None
        vectors, of_texts = item_vectors(
            self.source,
            self.behaviour,
            log,
            len(content.catalog),
            self.directions,
            self.text_share,
            texts,
            seed,
        )
        return SemanticIds.fit(self.tokenizer, vectors, self.levels, self.codes, seed, of_texts)


class RPG(ContentRecommender):
    """Semantic ids, all codes of the next item predicted at once: small files, new items by their texts."""

    name: ClassVar[str] = "rpg"
    config_class: ClassVar[type[ModelConfig]] = RPGConfig
    needs: ClassVar[str] = "item texts"

    @classmethod
    def item_table(
        cls, content: ItemContent, interactions: Interactions, settings: ModelConfig, seed: int
    ) -> ItemTable:
        """Ids cut from what the training may learn from, without the validation items."""
        own = cast(RPGConfig, settings)
        ids = own.ids(content, trainable_part(interactions, own.training), seed)
        return ItemTable(len(content.catalog), ids.frozen())

    @property
    def reads_texts(self) -> bool:
        """Unless ids are of behaviour alone."""
        return cast(RPGConfig, self.settings).source.reads_texts

    def extend_table(self, content: ItemContent) -> ItemTable:
        """Known items keep their ids, new ones get theirs by their texts."""
        self.attach(content.embedder)
        config = cast(RPGConfig, self.settings)
        ids = SemanticIds.read(config.tokenizer, self.table.frozen)
        codes = self._move(ids.codes.astype(np.float32), content.vocabulary).astype(np.int64)
        new = [row for row, id_ in enumerate(content.vocabulary.ids) if id_ not in self.vocabulary]
        if new:
            codes[new] = ids.of_texts(content.text_vectors(new))
        moved = torch.from_numpy(codes.astype(np.int16))
        return ItemTable(len(codes), {**self.table.frozen, CODES: moved})

    def with_items(self, content: ItemContent) -> Self:
        """The same model over another catalogue; ids of behaviour alone have none for new items."""
        return super().with_items(content) if self.reads_texts else self

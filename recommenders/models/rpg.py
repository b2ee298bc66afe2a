"""RPG: semantic ids whose codes are predicted all at once.

Hou et al., "Generating Long Semantic IDs in Parallel for Recommendation" (KDD 2025). Scores are its exact
ones; its walk through a graph of items, which saves time at millions of them, is left out. RecGPT (Jiang et
al., 2025) is the same with ``tokenizer = "finite-scalar"``, ``source = "text"`` and ``vector_input``.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.layers.causal_encoder import CausalEncoder
from tastemaker.recommenders.layers.code_items import CodeItems
from tastemaker.recommenders.layers.code_model import CodeModel
from tastemaker.recommenders.layers.unit_encoder import UnitCausalEncoder
from tastemaker.recommenders.losses.code_loss import CodeLoss
from tastemaker.recommenders.models.generative.id_config import IdConfig
from tastemaker.recommenders.models.generative.id_recommender import VECTORS, IdRecommender
from tastemaker.recommenders.semantic_ids.semantic_ids import CODE_COUNT, CODES, SemanticIds
from tastemaker.recommenders.training.matmul_precision import encoder_matmul
from tastemaker.recommenders.training.model_config import ModelConfig
from tastemaker.retrieval.errors import ConfigError


class RPGConfig(IdConfig):
    """Sizes, ids and training.

    Attributes:
        start: codes begin as the ``centres`` that they stand for, and states as directions, so that training
            starts from nearness to the last item; or both begin at ``random``.
        temperature: with ``centres``, of the cosines; lower makes them sharper.
        vector_input: histories are read by the items' vectors beside their codes, so that a code that training
            never saw still comes with a meaning.
    """

    start: Literal["centres", "random"] = "centres"
    temperature: float = Field(default=0.15, gt=0)
    vector_input: bool = False

    @property
    def keeps_vectors(self) -> bool:
        """For the histories, if so set."""
        return self.vector_input

    def compose(self, table: ItemTable) -> CodeModel:
        """Code items + causal encoder + a head per level."""
        codes, count = table.frozen[CODES], int(table.frozen[CODE_COUNT][0])
        sizes = (self.size, self.layers, self.heads, self.max_length, self.dropout)
        vectors = table.frozen[VECTORS] if self.vector_input else None
        if self.start == "random":
            items = CodeItems(codes, count, self.size, vectors=vectors)
            return CodeModel(items, CausalEncoder(*sizes), self.size, scale=1.0)
        start = unit_centres(SemanticIds.read(self.tokenizer, table.frozen))
        if start.shape[2] > self.size:
            raise ConfigError(
                f"codes stand for vectors of width {start.shape[2]}, which size={self.size} cannot hold: "
                "raise size, lower directions, or set start=random"
            )
        items = CodeItems(codes, count, self.size, start, vectors)
        encoder = UnitCausalEncoder(*sizes, self.temperature)
        return CodeModel(items, encoder, self.size, scale=float(self.levels) ** 0.5)

    def objective(self, counts: Tensor) -> CodeLoss:  # noqa: ARG002 - codes are all equally many
        """The next item's codes."""
        return CodeLoss(encoder_matmul(self.size))


def unit_centres(ids: SemanticIds) -> Tensor:
    """What codes stand for, scaled so that ids add up to vectors of length 1 on average: float32[levels, codes, w].

    Tokenizers that count steps along a direction would else make cosines many times too sharp.
    """
    centres = torch.from_numpy(ids.tokenizer.code_vectors())
    sums = centres[torch.arange(len(centres)), torch.from_numpy(ids.codes)].sum(1)
    scaled: Tensor = centres / sums.norm(dim=1).mean().clamp(min=1e-9)
    return scaled


class RPG(IdRecommender):
    """Semantic ids, all codes of the next item predicted at once: small files, new items by their texts."""

    name: ClassVar[str] = "rpg"
    config_class: ClassVar[type[ModelConfig]] = RPGConfig

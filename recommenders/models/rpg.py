"""RPG: semantic ids whose codes are predicted all at once.

Hou et al., "Generating Long Semantic IDs in Parallel for Recommendation" (KDD 2025). Scores are its exact
ones; its walk through a graph of items, which saves time at millions of them, is left out. RecGPT (Jiang et
al., 2025) is the same with ``tokenizer = "finite-scalar"``, ``source = "text"`` and ``vector_input``.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.layers.causal_encoder import CausalEncoder
from tastemaker.recommenders.layers.code_items import CodeItems
from tastemaker.recommenders.layers.code_model import CodeModel
from tastemaker.recommenders.layers.unit_encoder import UnitCausalEncoder
from tastemaker.recommenders.losses.code_loss import CodeLoss, WholeIdLoss
from tastemaker.recommenders.losses.next_item_loss import NextItemLoss
from tastemaker.recommenders.models.generative.id_config import IdConfig
from tastemaker.recommenders.models.generative.id_recommender import VECTORS, IdRecommender
from tastemaker.recommenders.semantic_ids.semantic_ids import CODE_COUNT, CODES
from tastemaker.recommenders.training.matmul_precision import encoder_matmul
from tastemaker.recommenders.training.model_config import ModelConfig


class RPGConfig(IdConfig):
    """Sizes, ids and training.

    Attributes:
        start: codes begin as the ``centres`` that they stand for, and states as directions, so that training
            starts from nearness to the last item; or both begin at ``random``.
        temperature: with ``centres``, of the cosines; lower makes them sharper.
        loss: ``codes``, each level's softmax by itself, as in the paper; or ``items``, the id as a whole
            against those of sampled items, which learns more where most items are rare. Scores are then
            log-probabilities up to a number that is the same for all items.
        negatives: for ``items``, items drawn per step and shared by its targets.
        vector_input: histories are read by the items' vectors beside their codes, so that a code that training
            never saw still comes with a meaning.
    """

    start: Literal["centres", "random"] = "centres"
    temperature: float = Field(default=0.15, gt=0)
    loss: Literal["codes", "items"] = "codes"
    negatives: int = Field(default=1024, ge=1)
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
            scale = 1.0 if self.loss == "codes" else float(self.levels) ** -0.5
            return CodeModel(items, CausalEncoder(*sizes), self.size, scale)
        items = CodeItems(codes, count, self.size, self.centres(table), vectors)
        encoder = UnitCausalEncoder(*sizes, self.temperature)
        # the cosine is that of each level's codes, or of the items that they add up to
        scale = float(self.levels) ** (0.5 if self.loss == "codes" else -0.5)
        return CodeModel(items, encoder, self.size, scale)

    def objective(self, counts: Tensor) -> NextItemLoss:
        """The next item's codes, each or together."""
        if self.loss == "codes":
            return CodeLoss(encoder_matmul(self.size))
        return WholeIdLoss.over(counts, self.negatives, encoder_matmul(self.size))


class RPG(IdRecommender):
    """Semantic ids, all codes of the next item predicted at once: small files, new items by their texts."""

    name: ClassVar[str] = "rpg"
    config_class: ClassVar[type[ModelConfig]] = RPGConfig

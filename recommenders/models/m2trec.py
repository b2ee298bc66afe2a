"""M2TRec: no item ids; an item is its attributes, and the next one's attributes are predicted too.

Shalaby et al., "M2TRec: Metadata-aware Multi-task Transformer for Large-scale and
Cold-start free Session-based Recommendations" (RecSys 2022).
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, cast

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemContent, ItemTable
from tastemaker.recommenders.layers.attribute_items import (
    AttributeItems,
    attribute_table,
    table_labels,
)
from tastemaker.recommenders.layers.causal_encoder import CausalEncoder
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.layers.text_items import TEXT_VECTORS
from tastemaker.recommenders.losses.attribute_heads import AttributeHeadsLoss, AttributeModel
from tastemaker.recommenders.losses.next_item_loss import NextItemLoss
from tastemaker.recommenders.models.content_recommender import ContentRecommender
from tastemaker.recommenders.models.sequence_model_config import NextItemConfig
from tastemaker.recommenders.training.model_config import ModelConfig
from tastemaker.retrieval.catalog.interactions import Interactions


class M2TRecConfig(NextItemConfig):
    """M2TRec's sizes and training.

    Attributes:
        head_share: weight of each attribute's prediction beside that of the item.
        texts: add what is written about an item, as a frozen text vector, to its attributes.
    """

    head_share: float = Field(default=0.1, ge=0)
    texts: bool = False

    def compose(self, table: ItemTable) -> SequenceModel:
        """Attribute items + causal encoder + a head over attribute values."""
        encoder = CausalEncoder(self.size, self.layers, self.heads, self.max_length, self.dropout)
        return AttributeModel(AttributeItems(table.frozen, self.size), encoder, self.size)

    def objective(self, counts: Tensor) -> NextItemLoss:
        """The next item, and its attributes."""
        item = super().objective(counts)
        return AttributeHeadsLoss(item, self.head_share, item.encoder)


class M2TRec(ContentRecommender):
    """A causal transformer over attributes instead of ids, that predicts the next item's attributes too."""

    name: ClassVar[str] = "m2trec"
    config_class: ClassVar[type[ModelConfig]] = M2TRecConfig
    needs: ClassVar[str] = "item attributes"

    @classmethod
    def item_table(
        cls,
        content: ItemContent,
        interactions: Interactions,  # noqa: ARG003 - attributes alone
        settings: ModelConfig,
        seed: int,  # noqa: ARG003
        checkpoint: Path,  # noqa: ARG003
        progress: bool,  # noqa: ARG003
    ) -> ItemTable:
        """The attributes' value distributions, and text vectors where the settings say so."""
        table = attribute_table(content.catalog)
        if not cast(M2TRecConfig, settings).texts:
            return table
        return table.with_arrays({TEXT_VECTORS: torch.from_numpy(np.array(content.text_vectors()))})

    def extend_table(self, content: ItemContent) -> ItemTable:
        """The value distributions over the values that the model was trained on; others count as missing."""
        table = attribute_table(content.catalog, table_labels(self.table))
        if TEXT_VECTORS not in self.table.frozen:
            return table
        return table.with_arrays({TEXT_VECTORS: self.extend_vectors(content)})

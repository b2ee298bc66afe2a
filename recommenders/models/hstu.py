"""HSTU over item ids, with softmax over the catalogue.

Zhai et al., "Actions Speak Louder than Words: Trillion-Parameter Sequential Transducers
for Generative Recommendations" (ICML 2024).
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.layers.hstu_encoder import HSTUEncoder
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.models.encoder_recommender import EncoderRecommender
from tastemaker.recommenders.models.sequence_model_config import NextItemConfig
from tastemaker.recommenders.training.model_config import ModelConfig


class HSTUConfig(NextItemConfig):
    """HSTU's sizes and training.

    Attributes:
        timeless: share of the training sequences whose times are hidden; 1 for logs without times.
    """

    timeless: float = Field(default=0.2, ge=0, le=1)

    def compose(self, table: ItemTable) -> SequenceModel:
        """Item embedding + HSTU encoder."""
        encoder = HSTUEncoder(
            self.size, self.layers, self.heads, self.max_length, self.dropout, self.timeless
        )
        return SequenceModel(self.item_embedding(table.n_items), encoder)


class HSTU(EncoderRecommender):
    """Gated pointwise attention that knows when each item was taken and when the next is asked for."""

    name: ClassVar[str] = "hstu"
    config_class: ClassVar[type[ModelConfig]] = HSTUConfig

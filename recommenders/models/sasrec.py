"""SASRec: a causal transformer over item ids, trained with softmax over the whole catalogue.

Kang and McAuley, "Self-Attentive Sequential Recommendation" (ICDM 2018), with the
objective of Klenitskiy and Vasilev, "Turning Dross Into Gold Loss" (RecSys 2023).
"""

from __future__ import annotations

from typing import ClassVar

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.layers.causal_encoder import CausalEncoder
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.models.encoder_recommender import EncoderRecommender
from tastemaker.recommenders.models.sequence_model_config import NextItemConfig
from tastemaker.recommenders.training.model_config import ModelConfig


class SASRecConfig(NextItemConfig):
    """SASRec's sizes and training."""

    def compose(self, table: ItemTable) -> SequenceModel:
        """Item embedding + causal encoder."""
        encoder = CausalEncoder(self.size, self.layers, self.heads, self.max_length, self.dropout)
        return SequenceModel(self.item_embedding(table.n_items), encoder)


class SASRec(EncoderRecommender):
    """A causal transformer over item ids with softmax over the whole catalogue."""

    name: ClassVar[str] = "sasrec"
    config_class: ClassVar[type[ModelConfig]] = SASRecConfig

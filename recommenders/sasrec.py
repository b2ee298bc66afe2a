"""SASRec: a causal transformer over item ids, trained with softmax over the whole catalogue.

Kang and McAuley, "Self-Attentive Sequential Recommendation" (ICDM 2018), with the
objective of Klenitskiy and Vasilev, "Turning Dross Into Gold Loss" (RecSys 2023).
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from tastemaker.recommenders.causal_encoder import CausalEncoder
from tastemaker.recommenders.encoder_recommender import EncoderRecommender
from tastemaker.recommenders.item_embedding import ItemEmbedding
from tastemaker.recommenders.matmul_precision import fastest_matmul
from tastemaker.recommenders.model_config import ModelConfig, Objective
from tastemaker.recommenders.sequence_model import SequenceModel
from tastemaker.recommenders.softmax_loss import SoftmaxLoss


class SASRecConfig(ModelConfig):
    """SASRec's sizes; the defaults were chosen on MovieLens-100K's validation items.

    Attributes:
        size: width of item vectors and states.
        layers: transformer blocks.
        heads: attention heads, a divisor of ``size``.
        max_length: how many of the latest history items are looked at.
        dropout: share of activations dropped in training.
        label_smoothing: share of the target's probability spread over the catalogue.
    """

    size: int = Field(default=64, ge=1)
    layers: int = Field(default=2, ge=1)
    heads: int = Field(default=2, ge=1)
    max_length: int = Field(default=50, ge=1)
    dropout: float = Field(default=0.3, ge=0, lt=0.99)
    label_smoothing: float = Field(default=0.0, ge=0, lt=1)

    @model_validator(mode="after")
    def _heads_divide_size(self) -> SASRecConfig:
        if self.size % self.heads:
            raise ValueError(f"heads ({self.heads}) must divide size ({self.size})")
        return self

    def compose(self, n_items: int) -> SequenceModel:
        """Item embedding + causal encoder."""
        encoder = CausalEncoder(self.size, self.layers, self.heads, self.max_length, self.dropout)
        return SequenceModel(ItemEmbedding(n_items, self.size), encoder)

    def objective(self) -> Objective:
        """Softmax over the whole catalogue."""
        return SoftmaxLoss(self.label_smoothing, fastest_matmul())


class SASRec(EncoderRecommender):
    """A trained SASRec."""

    name: ClassVar[str] = "sasrec"
    config_class: ClassVar[type[ModelConfig]] = SASRecConfig

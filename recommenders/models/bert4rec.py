"""BERT4Rec: a bidirectional transformer over item ids, trained to fill in hidden items.

Sun et al., "BERT4Rec: Sequential Recommendation with Bidirectional Encoder
Representations from Transformer" (CIKM 2019).
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.layers.bidirectional_encoder import BidirectionalEncoder
from tastemaker.recommenders.layers.item_embedding import ItemEmbedding
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.losses.cloze_loss import ClozeLoss
from tastemaker.recommenders.models.encoder_recommender import EncoderRecommender
from tastemaker.recommenders.models.sequence_model_config import EncoderConfig
from tastemaker.recommenders.training.matmul_precision import encoder_matmul, fastest_matmul
from tastemaker.recommenders.training.model_config import ModelConfig, Objective, TrainingConfig


class BERT4RecConfig(EncoderConfig):
    """BERT4Rec's sizes and training.

    Attributes:
        mask_share: share of a history's items that is hidden.
        last_share: share of the sequences that end, after a random item, in the one that is hidden.
        training: longer than others, as an epoch asks for a part of the items only.
    """

    mask_share: float = Field(default=0.3, gt=0, lt=1)
    last_share: float = Field(default=0.1, ge=0, le=1)
    training: TrainingConfig = TrainingConfig(epochs=300, patience=25)

    def compose(self, table: ItemTable) -> SequenceModel:
        """Item embedding + bidirectional encoder."""
        encoder = BidirectionalEncoder(self.size, self.layers, self.heads, self.max_length, self.dropout)
        return SequenceModel(ItemEmbedding(table.n_items, self.size), encoder)

    def objective(self, counts: Tensor) -> Objective:  # noqa: ARG002 - the same for all logs
        """Cloze."""
        return ClozeLoss(self.mask_share, self.last_share, fastest_matmul(), encoder_matmul(self.size))


class BERT4Rec(EncoderRecommender):
    """A bidirectional transformer over item ids, trained to fill in hidden items."""

    name: ClassVar[str] = "bert4rec"
    config_class: ClassVar[type[ModelConfig]] = BERT4RecConfig

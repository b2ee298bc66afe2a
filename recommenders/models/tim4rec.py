"""TiM4Rec: a time-aware state-space model over item ids, linear in the history's length.

Fan et al., "TiM4Rec: An Efficient Sequential Recommendation Model Based on Time-Aware
Structured State Space Duality Model" (2024).
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.layers.time_aware_encoder import TimeAwareEncoder
from tastemaker.recommenders.models.encoder_recommender import EncoderRecommender
from tastemaker.recommenders.models.sequence_model_config import NextItemConfig
from tastemaker.recommenders.training.model_config import ModelConfig


class TiM4RecConfig(NextItemConfig):
    """TiM4Rec's sizes and training.

    Attributes:
        state: width of the memory.
        timeless: share of the training sequences whose times are hidden; 1 for logs without times.
    """

    state: int = Field(default=32, ge=1)
    timeless: float = Field(default=0.2, ge=0, le=1)

    def compose(self, table: ItemTable) -> SequenceModel:
        """Item embedding + time-aware state-space encoder."""
        encoder = TimeAwareEncoder(
            self.size, self.layers, self.heads, self.state, self.max_length, self.dropout, self.timeless
        )
        return SequenceModel(self.item_embedding(table.n_items), encoder)


class TiM4Rec(EncoderRecommender):
    """A state-space model over item ids that forgets faster over long pauses."""

    name: ClassVar[str] = "tim4rec"
    config_class: ClassVar[type[ModelConfig]] = TiM4RecConfig

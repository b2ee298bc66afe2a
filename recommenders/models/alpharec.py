"""AlphaRec: item texts, as a language model's vectors, are all that is known of the items.

Sheng et al., "Language Representations Can Be What Recommenders Need: Findings and
Potentials" (ICLR 2025). The paper's graph convolution needs a row per known user and is
left out: here everyone is the mean of what they took, the latest first.
"""

from __future__ import annotations

from typing import ClassVar, cast

from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.layers.mean_encoder import MeanEncoder
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.layers.text_items import TEXT_VECTORS, TextItems
from tastemaker.recommenders.losses.sampled_softmax_loss import SampledSoftmaxLoss
from tastemaker.recommenders.losses.softmax_loss import SoftmaxLoss
from tastemaker.recommenders.models.sequence_model_config import LARGE
from tastemaker.recommenders.models.text_recommender import TextRecommender, mix_directions
from tastemaker.recommenders.training.model_config import ModelConfig, Objective


class AlphaRecConfig(ModelConfig):
    """AlphaRec's sizes and training.

    Attributes:
        size: width of item and user vectors.
        hidden: width of the network's middle.
        max_length: how many of the latest history items are averaged.
        half_life: an item of the history so many items earlier weighs half as much; None: all the same.
        temperature: of InfoNCE; lower makes it care for the nearest items only.
        text_weight: share of a wish in words in the user vector, 0 to 1.
        negatives: items drawn per step where the catalogue is too large to take all.
    """

    size: int = Field(default=128, ge=1)
    hidden: int = Field(default=256, ge=1)
    max_length: int = Field(default=20, ge=1)
    half_life: float | None = Field(default=2.0, gt=0)
    temperature: float = Field(default=0.1, gt=0)
    text_weight: float = Field(default=0.5, ge=0, le=1)
    negatives: int = Field(default=1024, ge=1)

    def compose(self, table: ItemTable) -> SequenceModel:
        """Text items + mean."""
        items = TextItems(table.frozen[TEXT_VECTORS], self.hidden, self.size)
        return SequenceModel(items, MeanEncoder(self.max_length, self.temperature, self.half_life))

    def objective(self, counts: Tensor) -> Objective:
        """InfoNCE, which is the softmax over the target and its negatives: all items, or a sample."""
        return SampledSoftmaxLoss.over(counts, self.negatives) if len(counts) > LARGE else SoftmaxLoss()


class AlphaRec(TextRecommender):
    """Item texts only: frozen text vectors through a network, a history as their mean, wishes in words."""

    name: ClassVar[str] = "alpharec"
    config_class: ClassVar[type[ModelConfig]] = AlphaRecConfig

    def mix(self, state: Tensor | None, text_vector: Tensor) -> Tensor:
        """The weighted mean of the two directions."""
        config = cast(AlphaRecConfig, self.settings)
        return mix_directions(state, text_vector / config.temperature, config.text_weight)

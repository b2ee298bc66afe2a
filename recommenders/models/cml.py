"""Collaborative metric learning over texts: people and plots as points, the nearest are recommended.

Campo et al., "Collaborative Metric Learning Recommendation System: Application to
Theatrical Movie Releases" (2018), after Hsieh et al. (WWW 2017). An item that nobody
could take yet has a place in the space by what is written about it.
"""

from __future__ import annotations

from typing import ClassVar, cast

import torch
from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.layers.metric_items import MetricItems, PointMean
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.layers.text_items import TEXT_VECTORS
from tastemaker.recommenders.losses.metric_loss import MetricLoss
from tastemaker.recommenders.models.text_recommender import TextRecommender
from tastemaker.recommenders.training.model_config import ModelConfig, Objective


class CMLConfig(ModelConfig):
    """Sizes and training.

    Attributes:
        size: dimensions of the space.
        hidden: width of the network's middle.
        max_length: how many of the latest history items are averaged.
        margin: how much farther than the next item others should be, as a squared distance.
        negatives: items drawn per step.
        text_weight: share of a wish in words in a person's point, 0 to 1.
    """

    size: int = Field(default=64, ge=1)
    hidden: int = Field(default=256, ge=1)
    max_length: int = Field(default=20, ge=1)
    margin: float = Field(default=0.5, gt=0)
    negatives: int = Field(default=256, ge=1)
    text_weight: float = Field(default=0.5, ge=0, le=1)

    def compose(self, table: ItemTable) -> SequenceModel:
        """Points + their mean."""
        items = MetricItems(table.frozen[TEXT_VECTORS], self.hidden, self.size)
        return SequenceModel(items, PointMean(self.max_length))

    def objective(self, counts: Tensor) -> Objective:  # noqa: ARG002 - the same for all logs
        """Hinge with rank weights."""
        return MetricLoss(self.margin, self.negatives)


class CML(TextRecommender):
    """Item texts only: plots and people as points of one space, the nearest first, wishes in words."""

    name: ClassVar[str] = "cml"
    config_class: ClassVar[type[ModelConfig]] = CMLConfig

    def mix(self, state: Tensor | None, text_vector: Tensor) -> Tensor:
        """The point between the two."""
        point = torch.cat([text_vector, text_vector.new_ones(1)])
        if state is None:
            return point
        share = cast(CMLConfig, self.settings).text_weight
        return share * point + (1 - share) * state

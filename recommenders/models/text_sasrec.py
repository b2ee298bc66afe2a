"""Text-SASRec: SASRec over item texts instead of ids, or over both.

After Hou et al., "Towards Universal Sequence Representation Learning for Recommender Systems"
(UniSRec, KDD 2022): frozen text vectors through a small trained network, a causal transformer,
and a softmax over cosines. The paper's training on other domains first is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, cast

import torch
from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.layers.text_id_items import TextIdItems
from tastemaker.recommenders.layers.text_items import TEXT_VECTORS, TextItems
from tastemaker.recommenders.layers.unit_encoder import UnitCausalEncoder
from tastemaker.recommenders.models.sequence_model_config import NextItemConfig
from tastemaker.recommenders.models.text_recommender import TextRecommender, mix_directions
from tastemaker.recommenders.training.model_config import ModelConfig

IDS = "items.ids"
"""Name of the trained vectors per item among a model's parameters."""


class TextSASRecConfig(NextItemConfig):
    """Sizes and training.

    Attributes:
        hidden: width of the middle of the network over text vectors.
        temperature: cosines are divided by it before the softmax.
        ids: add a trained vector per item to its text's, for what the text doesn't tell.
        id_dropout: with ``ids``, share of the items that a training step knows by their texts alone.
        text_weight: share of a wish in words in the user vector, 0 to 1.
    """

    size: int = Field(default=128, ge=1)
    hidden: int = Field(default=256, ge=1)
    temperature: float = Field(default=0.07, gt=0)
    ids: bool = False
    id_dropout: float = Field(default=0.3, ge=0, lt=1)
    text_weight: float = Field(default=0.5, ge=0, le=1)

    def compose(self, table: ItemTable) -> SequenceModel:
        """Text items, with or without ids + causal encoder of unit states."""
        vectors = table.frozen[TEXT_VECTORS]
        items = (
            TextIdItems(vectors, self.hidden, self.size, self.id_dropout)
            if self.ids
            else TextItems(vectors, self.hidden, self.size)
        )
        encoder = UnitCausalEncoder(
            self.size, self.layers, self.heads, self.max_length, self.dropout, self.temperature
        )
        return SequenceModel(items, encoder)


class TextSASRec(TextRecommender):
    """SASRec over frozen text vectors, with or without ids: order and texts, wishes in words."""

    name: ClassVar[str] = "text-sasrec"
    config_class: ClassVar[type[ModelConfig]] = TextSASRecConfig

    def extend_parameters(self, vocabulary: Vocabulary) -> Mapping[str, Tensor]:
        """As in every content model; the vectors of ids move to their rows, and new items have none."""
        parameters = dict(super().extend_parameters(vocabulary))
        if IDS in parameters:
            parameters[IDS] = torch.from_numpy(self._move(parameters[IDS].numpy(), vocabulary))
        return parameters

    def mix(self, state: Tensor | None, text_vector: Tensor) -> Tensor:
        """The weighted mean of the two directions."""
        config = cast(TextSASRecConfig, self.settings)
        return mix_directions(state, text_vector / config.temperature, config.text_weight)

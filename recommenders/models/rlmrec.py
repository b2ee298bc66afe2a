"""RLMRec: any causal encoder, trained to lie where the texts of its items and persons lie.

Ren et al., "Representation Learning with Large Language Models for Recommendation" (WWW 2024), contrastive or
generative. Item profiles are the catalogue's texts, with what ``tastemaker enrich`` had a model write; a
person's is what those of the history have in common, in place of one written by a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self, cast

import torch
from pydantic import Field, ValidationError, model_validator
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemContent, ItemTable
from tastemaker.recommenders.data.query import Query
from tastemaker.recommenders.layers.aligned_model import AlignedModel
from tastemaker.recommenders.layers.text_items import TEXT_VECTORS
from tastemaker.recommenders.losses.aligned_loss import AlignedLoss
from tastemaker.recommenders.models.encoder_recommender import EncoderRecommender
from tastemaker.recommenders.models.hstu import HSTU
from tastemaker.recommenders.models.sasrec import SASRec
from tastemaker.recommenders.models.sequence_model_config import NextItemConfig
from tastemaker.recommenders.models.text_recommender import TextRecommender, mix_directions
from tastemaker.recommenders.models.tim4rec import TiM4Rec
from tastemaker.recommenders.training.model_config import ModelConfig
from tastemaker.recommenders.training.settings import one_line
from tastemaker.retrieval.errors import ConfigError

BASES: Mapping[str, type[EncoderRecommender]] = {kind.name: kind for kind in (SASRec, HSTU, TiM4Rec)}
IDS = "items.weight"
"""Name of the trained vectors per item among a model's parameters."""


class RLMRecConfig(ModelConfig):
    """The encoder, and how strongly it is aligned.

    Attributes:
        base: the encoder's recommender.
        base_settings: its settings, but for the training.
        share: weight of the alignment beside the base's objective.
        temperature: of its cosines.
        masked: share of the history that is hidden and guessed by its texts; 0 is the contrastive form
            alone, the paper's generative one has .05 to .15.
        text_weight: share of a wish in words beside a history, 0 to 1.
    """

    base: Literal["sasrec", "hstu", "tim4rec"] = "sasrec"
    base_settings: Mapping[str, object] = Field(default_factory=dict)
    share: float = Field(default=0.1, ge=0)
    temperature: float = Field(default=0.2, gt=0)
    masked: float = Field(default=0.0, ge=0, lt=1)
    text_weight: float = Field(default=0.5, ge=0, le=1)

    @model_validator(mode="after")
    def _can_build_base(self) -> RLMRecConfig:
        try:
            self.base_config()
        except ValidationError as error:
            raise ValueError(f"settings of {self.base}: {one_line(error)}") from error
        return self

    def base_config(self) -> NextItemConfig:
        """The encoder's own config."""
        return cast(NextItemConfig, BASES[self.base].config_class.model_validate(self.base_settings))

    def compose(self, table: ItemTable) -> AlignedModel:
        """The encoder's parts and the two doors."""
        base = self.base_config()
        inner = base.compose(table)
        return AlignedModel(inner.items, inner.encoder, table.frozen[TEXT_VECTORS], base.size, self.masked)

    def objective(self, counts: Tensor) -> AlignedLoss:
        """The encoder's objective, aligned."""
        return AlignedLoss(self.base_config().objective(counts), self.share, self.temperature)


class RLMRec(TextRecommender):
    """SASRec, HSTU or TiM4Rec over ids, aligned with texts: new items lie where their texts do."""

    name: ClassVar[str] = "rlmrec"
    config_class: ClassVar[type[ModelConfig]] = RLMRecConfig

    def mix(self, state: Tensor | None, text_vector: Tensor) -> Tensor:
        """The weighted mean of the two directions."""
        return mix_directions(state, text_vector, cast(RLMRecConfig, self.settings).text_weight)

    def _wish(self, query: Query) -> Tensor:
        """Where a person lies of whom so much is said, float32[d]."""
        if self.embedder is None or query.text is None:
            raise ConfigError("a wish in words needs an embedder")
        model = cast(AlignedModel, self.model)
        vector = torch.from_numpy(self.embedder.encode_query(query.text).copy())[None]
        return model.of_person.place(model.centre(vector))[0]

    def with_items(self, content: ItemContent) -> Self:
        """The same model over another catalogue; a new item lies where its text does."""
        vocabulary, table = content.vocabulary, self.extend_table(content)
        old = cast(AlignedModel, self.model)
        parameters = dict(old.state_dict())
        ids = torch.from_numpy(self._move(parameters[IDS].numpy(), vocabulary))
        new = [row for row, id_ in enumerate(vocabulary.ids) if id_ not in self.vocabulary]
        if new:
            ids[new] = old.of_item.place(old.centre(table.frozen[TEXT_VECTORS][new]))
        model = self.settings.compose(table)
        model.load_state_dict({**parameters, IDS: ids})
        grown = type(self)(vocabulary, self._move(self.popularity, vocabulary), model, self.settings, table)
        grown.record, grown.embedder = self.record, self.embedder
        return grown

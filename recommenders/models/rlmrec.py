"""RLMRec: any causal encoder, trained to lie where the texts of its items and persons lie.

Ren et al., "Representation Learning with Large Language Models for Recommendation" (WWW 2024), contrastive or
generative. Item profiles are the catalogue's texts, with what ``tastemaker enrich`` had a model write; a
person's is what those of the history have in common, in place of one written by a model. A person of whom only words
are known is served by a map that is fitted after the training, see :class:`WordDoor`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Literal, Self, cast

import numpy as np
import torch
from pydantic import Field, ValidationError, model_validator
from torch import Tensor
from torch.nn.functional import normalize

from tastemaker.recommenders.data.item_content import ItemContent, ItemTable
from tastemaker.recommenders.data.profiles import draw_profiles
from tastemaker.recommenders.data.query import Query
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.layers.aligned_model import AlignedModel
from tastemaker.recommenders.layers.text_items import TEXT_VECTORS
from tastemaker.recommenders.losses.aligned_loss import AlignedLoss
from tastemaker.recommenders.models.encoder_recommender import EncoderRecommender
from tastemaker.recommenders.models.hstu import HSTU
from tastemaker.recommenders.models.sasrec import SASRec
from tastemaker.recommenders.models.sequence_model_config import NextItemConfig
from tastemaker.recommenders.models.text_recommender import TextRecommender, mix_directions
from tastemaker.recommenders.models.tim4rec import TiM4Rec
from tastemaker.recommenders.training.fit import trainable_part
from tastemaker.recommenders.training.model_config import ModelConfig
from tastemaker.recommenders.training.settings import one_line
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError

BASES: Mapping[str, type[EncoderRecommender]] = {kind.name: kind for kind in (SASRec, HSTU, TiM4Rec)}
IDS, SHARES = "items.weight", "words.shares"
"""Names of the trained vectors per item, and of how many people take each, among a model's parameters."""

CELLS = 8_000_000
"""Profiles times items, at most, where words are fitted: what was taken is a dense matrix there."""


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
        profiles: so many texts per person are written from parts of their history, to learn what words stand for
            where there is no history; 0: such a person is ranked by where the aligned words lie.
        most_profiles: at most so many in all, fewer in large catalogues.
    """

    base: Literal["sasrec", "hstu", "tim4rec"] = "sasrec"
    base_settings: Mapping[str, object] = Field(default_factory=dict)
    share: float = Field(default=0.1, ge=0)
    temperature: float = Field(default=0.2, gt=0)
    masked: float = Field(default=0.0, ge=0, lt=1)
    text_weight: float = Field(default=0.5, ge=0, le=1)
    profiles: int = Field(default=4, ge=0)
    most_profiles: int = Field(default=4000, ge=1)

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

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        # a last column, so that words alone score like a history: by a product with the items
        self._items = torch.cat([self._items, cast(AlignedModel, self.model).words.shares[:, None]], dim=1)

    @classmethod
    def fit_content(
        cls,
        content: ItemContent,
        interactions: Interactions,
        checkpoint: Path,
        *,
        seed: int = 0,
        progress: bool = False,
        settings: Mapping[str, object] | None = None,
    ) -> Self:
        """Train the aligned encoder, then fit what words alone stand for."""
        trained = super().fit_content(
            content, interactions, checkpoint, seed=seed, progress=progress, settings=settings
        )
        trained._fit_words(content, interactions, seed)
        return trained

    def _fit_words(self, content: ItemContent, interactions: Interactions, seed: int) -> None:
        own = cast(RLMRecConfig, self.settings)
        log = trainable_part(interactions, own.training)
        most = min(own.most_profiles, CELLS // len(self.vocabulary))
        written = draw_profiles(content.catalog, log, own.profiles, most, seed)
        if not written or content.embedder is None:
            return
        model = cast(AlignedModel, self.model)
        said = torch.from_numpy(np.array(content.embedder.encode([profile.text for profile in written])))
        items = self.table.frozen[TEXT_VECTORS]
        alike = [items[torch.from_numpy(profile.given)].mean(0) for profile in written]
        # people speak of what items are about as well, so each profile is also learned in the items' own words
        texts = torch.cat([said, normalize(torch.stack(alike), dim=-1)])
        taken = torch.zeros(len(written), len(self.vocabulary), dtype=torch.bool)
        for row, profile in enumerate(written):
            taken[row, torch.from_numpy(profile.taken)] = True
        person = torch.tensor([profile.person for profile in written])
        taken, person = taken.repeat(2, 1), person.repeat(2)
        vectors = self._items[:, :-1]
        self.record = {
            **self.record,
            "words_penalty": model.words.fit(texts, taken, person, vectors),
        }
        self._items = torch.cat([vectors, model.words.shares[:, None]], dim=1)

    def states(self, resolved_queries: Sequence[ResolvedQuery]) -> Tensor:
        """Where histories and wishes lead, float32[len(readings), d + 1]."""
        states = torch.zeros(len(resolved_queries), self._items.shape[1])
        model = cast(AlignedModel, self.model)
        known = [place for place, own in enumerate(resolved_queries) if len(own.rows)]
        if known:
            states[known, :-1] = model.last(self._sequences([resolved_queries[place] for place in known]))
        for place, own in enumerate(resolved_queries):
            if not self._has_text(own.query):
                continue
            if len(own.rows):
                states[place, :-1] = self.mix(states[place, :-1], self._wish(own.query))
            elif model.words.shares.any():
                states[place] = torch.cat([model.words(self._words(own.query))[0], torch.ones(1)])
            else:
                states[place, :-1] = self.mix(None, self._wish(own.query))
        return states

    def mix(self, state: Tensor | None, text_vector: Tensor) -> Tensor:
        """The weighted mean of the two directions."""
        return mix_directions(state, text_vector, cast(RLMRecConfig, self.settings).text_weight)

    def _words(self, query: Query) -> Tensor:
        """Unit vector of what is said, float32[1, t]."""
        if self.embedder is None or query.text is None:
            raise ConfigError("a wish in words needs an embedder")
        return torch.from_numpy(self.embedder.encode_query(query.text).copy())[None]

    def _wish(self, query: Query) -> Tensor:
        """Where a person lies of whom so much is said, float32[d]."""
        model = cast(AlignedModel, self.model)
        return model.of_person.place(model.centre(self._words(query)))[0]

    def with_items(self, content: ItemContent) -> Self:
        """The same model over another catalogue; a new item lies where its text does."""
        vocabulary, table = content.vocabulary, self.extend_table(content)
        old = cast(AlignedModel, self.model)
        parameters = dict(old.state_dict())
        ids = torch.from_numpy(self._move(parameters[IDS].numpy(), vocabulary))
        shares = torch.from_numpy(self._move(parameters[SHARES].numpy(), vocabulary))
        new = [row for row, id_ in enumerate(vocabulary.ids) if id_ not in self.vocabulary]
        if new:
            ids[new] = old.of_item.place(old.centre(table.frozen[TEXT_VECTORS][new]))
        model = self.settings.compose(table)
        model.load_state_dict({**parameters, IDS: ids, SHARES: shares})
        grown = type(self)(vocabulary, self._move(self.popularity, vocabulary), model, self.settings, table)
        grown.record, grown.embedder = self.record, self.embedder
        return grown

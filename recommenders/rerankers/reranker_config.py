"""What the configs of all rerankers have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from torch import nn

from tastemaker.recommenders.baselines.activation import Activation
from tastemaker.recommenders.baselines.closed_form import ClosedForm
from tastemaker.recommenders.baselines.ease import EASE
from tastemaker.recommenders.baselines.item_knn import ItemKNN
from tastemaker.recommenders.baselines.popularity import Popularity
from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.layers.features.event_channels import Channel, MeanChannel, TimedChannel
from tastemaker.recommenders.layers.features.feature_model import FeatureModel
from tastemaker.recommenders.layers.features.feature_tokens import FeatureTokens
from tastemaker.recommenders.layers.features.interactions import (
    AttentionInteraction,
    FactorisationInteraction,
    HiformerInteraction,
)
from tastemaker.recommenders.losses.list_loss import LIKED, TAKEN, Head, ListLoss
from tastemaker.recommenders.models.sasrec import SASRec
from tastemaker.recommenders.recommender import Recommender
from tastemaker.recommenders.training.model_config import TrainingConfig
from tastemaker.recommenders.training.settings import one_line

BASES: Mapping[str, type[Recommender]] = {
    kind.name: kind for kind in (Popularity, ItemKNN, EASE, Activation, SASRec)
}
NUMBERS = 3
"""Of a candidate: its standardised score by the base, how popular it is, how long the history is."""


class RerankerConfig(BaseModel):
    """The base, what the network looks at, how features meet, and the training.

    Attributes:
        base: what the candidates come from.
        base_settings: its settings.
        heads: what is foretold of a candidate: that it is ``taken``, that it is ``liked`` once taken, or both.
        liked_from: a rating from here on is a like.
        weight: of the log of the chance of a like beside that of being taken, where both are foretold.
        attributes: of the items, by name; none named: all that the catalogue itself brought.
        interaction: how features meet.
        channel: how events become tokens: their ``mean``, or a stream that knows the time (``timed``).
        size: width of the tokens.
        layers: blocks.
        attention_heads: of each block, a divisor of ``size``.
        rank: of Hiformer's composite matrices; None: full.
        dropout: share of values dropped in training.
        max_length: events of a history that are looked at.
        candidates: how many of the base's first are ranked anew; the others follow in its order.
        list_size: candidates of a list in training.
        recent: events per person that are learned from; the base, while it makes the lists for these, knows none.
        forget: share of the context values hidden in training.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Literal["popularity", "item-knn", "ease", "activation", "sasrec"] = "ease"
    base_settings: Mapping[str, object] = Field(default_factory=dict)
    heads: tuple[Head, ...] = (TAKEN,)
    liked_from: float = 4.0
    weight: float = Field(default=1.0, ge=0)
    attributes: tuple[str, ...] = ()
    interaction: Literal["hiformer", "attention", "factorisation"] = "hiformer"
    channel: Literal["mean", "timed"] = "mean"
    size: int = Field(default=32, ge=1)
    layers: int = Field(default=1, ge=1)
    attention_heads: int = Field(default=4, ge=1)
    rank: int | None = Field(default=64, ge=1)
    dropout: float = Field(default=0.2, ge=0, lt=0.99)
    max_length: int = Field(default=50, ge=1)
    candidates: int = Field(default=100, ge=2)
    list_size: int = Field(default=20, ge=2)
    recent: int = Field(default=20, ge=1)
    forget: float = Field(default=0.1, ge=0, lt=1)
    training: TrainingConfig = TrainingConfig(epochs=20, patience=4, batch_size=64)

    @model_validator(mode="after")
    def _fits_together(self) -> RerankerConfig:
        if self.size % self.attention_heads:
            raise ValueError(f"attention_heads ({self.attention_heads}) must divide size ({self.size})")
        if not self.heads or len(set(self.heads)) < len(self.heads):
            raise ValueError(f"heads must be one or two different ones, got {list(self.heads)}")
        if self.foretells_likes_only and self.base != Popularity.name:
            raise ValueError(
                f"heads of likes alone learn from all events, which a base of {self.base} would know already: "
                "add the head taken, or set base=popularity"
            )
        try:
            self.base_config()
        except ValidationError as error:
            raise ValueError(f"settings of {self.base}: {one_line(error)}") from error
        return self

    def base_config(self) -> Mapping[str, object]:
        """The base's own config as JSON values."""
        kind: type[BaseModel] | None = getattr(BASES[self.base], "config_class", None)
        return {} if kind is None else kind.model_validate(self.base_settings).model_dump(mode="json")

    @property
    def foretells_likes_only(self) -> bool:
        """Whether no list is learned from, but single events with ratings."""
        return TAKEN not in self.heads

    @property
    def counts_base(self) -> bool:
        """Whether the base is made without a training loop of its own."""
        return issubclass(BASES[self.base], ClosedForm | Popularity)

    def compose(self, table: ItemTable, context: Sequence[int]) -> FeatureModel:
        """The untrained network over these items and codes of context."""
        channel: Channel = (
            MeanChannel() if self.channel == "mean" else TimedChannel(self.size, self.attention_heads)
        )
        tokens = FeatureTokens(
            table.n_items, table.frozen, context, NUMBERS, channel, self.size, self.dropout
        )
        trusting = tuple(place for place, head in enumerate(self.heads) if head != LIKED)
        return FeatureModel(tokens, self._interaction(tokens.count), trusting, len(self.heads))

    def _interaction(self, count: int) -> nn.Module:
        tasks = len(self.heads)
        if self.interaction == "factorisation":
            return FactorisationInteraction(count, tasks, self.size)
        sizes = (count, tasks, self.size, self.layers, self.attention_heads)
        if self.interaction == "attention":
            return AttentionInteraction(*sizes, self.dropout)
        return HiformerInteraction(*sizes, self.rank, self.dropout)

    def objective(self) -> ListLoss:
        """What training minimises."""
        return ListLoss(self.heads)

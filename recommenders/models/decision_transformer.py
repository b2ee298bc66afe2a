"""Decision transformers: what to offer for a return that is wished, now or in the long run.

Liu et al., "Sequential Recommendation for Optimizing Both Immediate Feedback and Long-term Retention" (DT4IER,
SIGIR 2024): two returns in soft buckets, balanced by the person. Gao et al., "Temporal Advantage Decision
Transformer with Contrastive State Abstraction" (TADT-CSA, 2025): a return and its trend in hard buckets, states
abstracted by a codebook; its contrastive and ranking terms are left out. A list is the best of one step, and no
test looks at a return that is still to come. How far a wish goes can be widened by guidance (Ho and Salimans,
"Classifier-Free Diffusion Guidance", 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal, cast

import numpy as np
import numpy.typing as npt
import torch
from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.data.returns import (
    quantiles,
    rating_rewards,
    return_rewards,
    returns_to_go,
    trends,
)
from tastemaker.recommenders.layers.decisions.decision_encoder import DecisionEncoder
from tastemaker.recommenders.layers.decisions.return_tokens import BalancedReturns, TrendReturns
from tastemaker.recommenders.layers.decisions.state_codebook import StateCodebook
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.losses.codebook_loss import CodebookLoss
from tastemaker.recommenders.losses.next_item_loss import NextItemLoss
from tastemaker.recommenders.models.encoder_recommender import EncoderRecommender
from tastemaker.recommenders.models.sequence_model_config import NextItemConfig
from tastemaker.recommenders.training.model_config import ModelConfig
from tastemaker.retrieval.catalog.interactions import Interactions

KINDS = 2
"""Numbers that a wish sets: two returns, or a return and its trend."""


STEADY = 0.5
"""A trend neither up nor down, which goes with a wish that is served."""


class DecisionConfig(NextItemConfig):
    """Sizes, returns and training.

    Attributes:
        variant: ``dt4ier`` or ``tadt-csa``; see the module.
        discount: of a reward per step that it lies ahead.
        per_person: measure ratings from each person's own mean.
        states: of the codebook of ``tadt-csa``.
        usage: weight of using them all.
        guidance: how far a wish moves the list; 1 as trained, more goes beyond.
    """

    variant: Literal["dt4ier", "tadt-csa"] = "dt4ier"
    discount: float = Field(default=0.9, ge=0, le=1)
    per_person: bool = True
    states: int = Field(default=64, ge=2)
    usage: float = Field(default=0.1, ge=0)
    guidance: float = Field(default=1.0, ge=0)

    def compose(self, table: ItemTable) -> SequenceModel:
        """Item embedding + decision encoder."""
        abstract = self.variant == "tadt-csa"
        encoder = DecisionEncoder(
            self.size,
            self.layers,
            self.heads,
            self.max_length,
            self.dropout,
            (TrendReturns if abstract else BalancedReturns)(KINDS, self.size),
            StateCodebook(self.states, self.size) if abstract else None,
        )
        return SequenceModel(self.item_embedding(table.n_items), encoder)

    def objective(self, counts: Tensor) -> NextItemLoss:
        """The next item, and the use of the codebook."""
        item = super().objective(counts)
        return CodebookLoss(item, self.usage, item.encoder) if self.variant == "tadt-csa" else item

    def aims(self, log: Interactions) -> npt.NDArray[np.float32]:
        """Which share of all steps went worse, by each kind of return, float32[n, KINDS].

        A return that never differs, in a log without times for instance, says what the first one does.
        """
        returns = returns_to_go(log, rating_rewards(log, self.per_person), self.discount)
        second = (
            trends(log, returns, self.discount)
            if self.variant == "tadt-csa"
            else returns_to_go(log, return_rewards(log), self.discount)
        )
        return np.stack([quantiles(returns), quantiles(second if np.ptp(second) else returns)], axis=1)


class DecisionTransformer(EncoderRecommender):
    """SASRec that takes a wished return: a dial from what pleases at once to what is worth it in the long run."""

    name: ClassVar[str] = "decision-transformer"
    uses: ClassVar[frozenset[str]] = frozenset({"history", "aim"})
    config_class: ClassVar[type[ModelConfig]] = DecisionConfig

    def states(self, resolved_queries: Sequence[ResolvedQuery]) -> Tensor:
        """The vectors that the histories end in, moved by what is wished, float32[len(readings), d]."""
        sequences = self._sequences(resolved_queries)
        plain = self.model.last(sequences)
        wished = [resolved.query.aim for resolved in resolved_queries]
        if all(aim is None for aim in wished):
            return plain
        aims = torch.full((*sequences.rows.shape, KINDS), torch.nan)
        aim = torch.tensor([torch.nan if aim is None else aim for aim in wished])
        steady = cast(DecisionConfig, self.settings).variant == "tadt-csa"  # a trend is no wish
        kinds = torch.stack([aim, torch.where(aim.isnan(), aim, STEADY) if steady else aim], dim=1)
        aims[torch.arange(len(aims)), sequences.lengths - 1] = kinds
        moved = self.model.last(replace(sequences, aims=aims))
        return plain + cast(DecisionConfig, self.settings).guidance * (moved - plain)

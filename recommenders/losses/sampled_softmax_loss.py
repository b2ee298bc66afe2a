"""Next-item objective for large catalogues: softmax over the target and a shared sample.

Bengio and Senecal, "Adaptive Importance Sampling to Accelerate Training of a Neural
Probabilistic Language Model" (2008); the correction by log Q as in Yi et al.,
"Sampling-Bias-Corrected Neural Modeling" (RecSys 2019).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.losses.next_item_loss import NextItemLoss

POWER = 0.75
"""Popular items are drawn more often, though less so than they occur."""


@dataclass(frozen=True)
class SampledSoftmaxLoss(NextItemLoss):
    """Cross-entropy where a sample, weighted by how likely each draw was, stands for the catalogue.

    Attributes:
        cumulative: float64[n_items], the sum of draw probabilities up to and with each item.
        negatives: items drawn per step, with replacement.
        encoder: type of the encoder's matrix products.
        rivals: the target competes with so many items drawn evenly, in expectation; None: with all.
            Klenitskiy and Vasilev ("Turning Dross Into Gold Loss", RecSys 2023) draw them for each
            target and correct nothing: the sum over the others is then a share rivals / n_items of
            the whole sum, which is taken here from draws that a step's targets share.
    """

    cumulative: Tensor
    negatives: int
    encoder: torch.dtype = torch.float32
    rivals: int | None = None

    @classmethod
    def over(
        cls,
        counts: Tensor,
        negatives: int,
        encoder: torch.dtype = torch.float32,
        rivals: int | None = None,
    ) -> Self:
        """Draw items by (interactions + 1) to the :data:`POWER`."""
        weights = (counts.double() + 1) ** POWER
        return cls((weights / weights.sum()).cumsum(0), negatives, encoder, rivals)

    def on(self, model: SequenceModel, states: Tensor, targets: Tensor) -> Tensor:
        """float32[], the mean over the p targets."""
        drawn = self.draw(self.negatives)  # [k]
        wanted = (states * model.items(targets)).sum(1)  # [p]
        others = states @ model.items(drawn).T  # [p, k]
        return sampled_softmax_loss(wanted, others, targets, drawn, self.log_draws(drawn) + self.margin)

    @property
    def margin(self) -> float:
        """By how much the others' scores are lowered against the target's; 0 where all are rivals."""
        n_items = len(self.cumulative)
        return 0.0 if self.rivals is None else math.log(max(n_items / self.rivals, 1.0))

    def draw(self, count: int) -> Tensor:
        """Rows, int64[count]."""
        found = torch.searchsorted(self.cumulative, torch.rand(count, dtype=torch.float64))
        return found.clamp_(max=len(self.cumulative) - 1)  # the sum may end a rounding below 1

    def log_draws(self, drawn: Tensor) -> Tensor:
        """Log of how often a row is expected among the draws, float32[k]."""
        before = torch.where(drawn > 0, self.cumulative[drawn - 1], 0.0)
        return (len(drawn) * (self.cumulative[drawn] - before)).log().float()


def sampled_softmax_loss(
    wanted: Tensor, others: Tensor, targets: Tensor, drawn: Tensor, log_draws: Tensor
) -> Tensor:
    """Mean of ``log(exp(wanted) + sum of exp(others) / expected draws) - wanted``.

    The sum estimates that over all items but the target, which is why the target's own
    score stands uncorrected and a draw that hits it is left out.

    Args:
        wanted: float32[p], scores of the targets.
        others: float32[p, k], scores of the draws.
        targets: int64[p], rows.
        drawn: int64[k], rows.
        log_draws: float32[k], log of each drawn row's expected number of draws.
    """
    hit = targets[:, None] == drawn  # [p, k]
    corrected = (others - log_draws).masked_fill(hit, -torch.inf)
    logits = torch.cat([wanted[:, None], corrected], dim=1)  # [p, 1 + k]
    return cross_entropy(logits, torch.zeros_like(targets))

"""The objective of metric learning: the next item nearer than others, by a margin.

Hsieh et al., "Collaborative Metric Learning" (WWW 2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.losses.next_item_loss import NextItemLoss


@dataclass(frozen=True)
class MetricLoss(NextItemLoss):
    """Hinge on some items drawn evenly, weighted by the target's rank among them.

    Attributes:
        margin: how much farther, in squared distance, others should be.
        negatives: items drawn per step, shared by its targets.
        encoder: type of the encoder's matrix products.
    """

    margin: float
    negatives: int
    encoder: torch.dtype = torch.float32

    def on(self, model: SequenceModel, states: Tensor, targets: Tensor) -> Tensor:
        """float32[], the mean over the p targets."""
        items = model.items.matrix()
        drawn = torch.randint(len(items), (self.negatives,))
        wanted = (states * items[targets]).sum(1)  # [p]
        others = (states @ items[drawn].T).masked_fill(targets[:, None] == drawn, -torch.inf)
        return metric_loss(wanted, others, self.margin, len(items))


def metric_loss(wanted: Tensor, others: Tensor, margin: float, n_items: int) -> Tensor:
    """Mean of ``log(1 + estimated rank) * mean violation`` over the negatives within the margin.

    The paper takes the nearest negative alone; with that the points fell together here.

    Args:
        wanted: float32[p], minus squared distances to the targets, up to a constant per row.
        others: float32[p, k], the same for the negatives.
        margin: see :class:`MetricLoss`.
        n_items: size of the catalogue, to which the rank among k is scaled up.
    """
    violation = (margin - wanted[:, None] + others).clamp(min=0)  # [p, k]
    closer = (violation > 0).sum(1)
    mean = violation.sum(1) / closer.clamp(min=1)
    return (torch.log1p(n_items * closer / others.shape[1]) * mean).mean()

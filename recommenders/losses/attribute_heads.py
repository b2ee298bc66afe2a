"""A second thing to learn: which attribute values the next item will have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from tastemaker.recommenders.layers.attribute_items import AttributeItems
from tastemaker.recommenders.layers.sequence_model import Encoder, SequenceModel
from tastemaker.recommenders.losses.next_item_loss import NextItemLoss

MAX_TARGETS = 512
"""Of a step's targets, so many teach the heads: names of people are thousands of values, each a logit."""


class AttributeModel(SequenceModel):
    """A sequence model over attributes with a head that scores every attribute value.

    Args:
        items: the representation.
        encoder: the encoder.
        size: width of its states.
    """

    def __init__(self, items: AttributeItems, encoder: Encoder, size: int) -> None:
        super().__init__(items, encoder)
        self.head = nn.Linear(size, items.ends[-1])

    def log_values(self, states: Tensor) -> Tensor:
        """Log-probabilities of the values, each attribute's summing to 1: float32[n, d] -> float32[n, v]."""
        ends = cast(AttributeItems, self.items).ends
        sizes = [end - start for start, end in zip([0, *ends[:-1]], ends, strict=True)]
        parts = self.head(states).split(sizes, dim=1)
        return torch.cat([part.log_softmax(1) for part in parts], dim=1)


@dataclass(frozen=True)
class AttributeHeadsLoss(NextItemLoss):
    """The next item's loss plus a share of the cross-entropy of its attributes' values.

    Attributes:
        item: the objective for the item itself.
        share: weight of each attribute beside it.
        encoder: type of the encoder's matrix products.
    """

    item: NextItemLoss
    share: float
    encoder: torch.dtype = torch.float32

    def on(self, model: SequenceModel, states: Tensor, targets: Tensor) -> Tensor:
        """float32[], the mean over the p targets."""
        model = cast(AttributeModel, model)
        some = torch.randperm(len(targets))[:MAX_TARGETS]
        columns, starts, weights = cast(AttributeItems, model.items).of(targets[some])
        row = torch.arange(len(some)).repeat_interleave(starts.diff())
        heads = -(model.log_values(states[some])[row, columns] * weights).sum() / len(some)
        return self.item.on(model, states, targets) + self.share * heads

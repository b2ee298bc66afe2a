"""A second thing to learn beside the next item: to use all states of a codebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor

from tastemaker.recommenders.layers.decisions.decision_encoder import DecisionEncoder
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.losses.next_item_loss import NextItemLoss


@dataclass(frozen=True)
class CodebookLoss(NextItemLoss):
    """The next item's loss less the entropy of how often each state is chosen over a batch.

    Over the batch, not for each position: a position shall choose one state, all of them together many.

    Attributes:
        item: the objective for the item itself.
        share: weight of the entropy.
        encoder: type of the encoder's matrix products.
    """

    item: NextItemLoss
    share: float
    encoder: torch.dtype = torch.float32

    def on(self, model: SequenceModel, states: Tensor, targets: Tensor) -> Tensor:
        """float32[]."""
        loss = self.item.on(model, states, targets)
        codebook = cast(DecisionEncoder, model.encoder).codebook
        if codebook is None or codebook.usage is None:
            return loss
        usage = codebook.usage.clamp(min=1e-9)
        return loss + self.share * (usage * usage.log()).sum()

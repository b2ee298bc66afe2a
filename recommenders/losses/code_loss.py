"""Next-item objective over semantic ids: the mean cross-entropy of the next item's codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from tastemaker.recommenders.layers.code_items import CodeItems
from tastemaker.recommenders.layers.code_model import CodeModel
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.losses.next_item_loss import NextItemLoss


@dataclass(frozen=True)
class CodeLoss(NextItemLoss):
    """Each level's softmax against the next item's code on it.

    Attributes:
        encoder: type of the encoder's matrix products.
    """

    encoder: torch.dtype = torch.float32

    def on(self, model: SequenceModel, states: Tensor, targets: Tensor) -> Tensor:
        """float32[], the mean over levels and the p targets."""
        model = cast(CodeModel, model)
        items = cast(CodeItems, model.items)
        codes = items.places[targets] % items.count  # [p, levels]
        return cross_entropy(model.logits(states).flatten(0, 1), codes.T.flatten())

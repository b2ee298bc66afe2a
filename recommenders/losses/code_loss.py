"""Next-item objectives over semantic ids: each of the next item's codes by itself, or its id as a whole."""

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
from tastemaker.recommenders.losses.sampled_softmax_loss import SampledSoftmaxLoss, sampled_softmax_loss


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


@dataclass(frozen=True)
class WholeIdLoss(SampledSoftmaxLoss):
    """The next item's id against those of other items: ids that no item has take no probability.

    Codes of one item hang together, which a softmax per level does not see. Petrov and Macdonald, "RecJPQ:
    Training Large-Catalogue Sequential Recommenders" (WSDM 2024), train code tables by the items' scores too.
    """

    def on(self, model: SequenceModel, states: Tensor, targets: Tensor) -> Tensor:
        """float32[], the mean over the p targets."""
        model = cast(CodeModel, model)
        items = cast(CodeItems, model.items)
        logits = model.logits(states)  # [levels, p, count]
        codes = items.places[targets] % items.count  # [p, levels]
        wanted = logits.gather(2, codes.T[..., None])[..., 0].sum(0)  # [p]
        drawn = self.draw(self.negatives)
        others = model.add_up(logits, items.places[drawn])  # [p, k]
        return sampled_softmax_loss(wanted, others, targets, drawn, self.log_draws(drawn) + self.margin)

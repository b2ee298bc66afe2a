"""All codes of the next item at once: a small softmax per level, added up over an item's id.

Hou et al., "Generating Long Semantic IDs in Parallel for Recommendation" (RPG, KDD 2025); RecGPT (Jiang et al.,
2025) predicts the codes inside an item the same way. Where the codes are independent given the state, the
probability of every item is exact, and no beam is needed.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding_bag, silu

from tastemaker.recommenders.layers.code_items import CodeItems
from tastemaker.recommenders.layers.sequence_model import Encoder, SequenceModel


class CodeModel(SequenceModel):
    """A sequence model over semantic ids that scores items by the log-probability of their codes.

    Args:
        items: the representation.
        encoder: the encoder.
        size: width d of its states.
        scale: logits are multiplied by it.
    """

    linear = False

    def __init__(self, items: CodeItems, encoder: Encoder, size: int, scale: float) -> None:
        super().__init__(items, encoder)
        self.scale = scale
        self.turn = nn.Parameter(torch.zeros(items.levels, size, size))  # each level's view of the state

    def logits(self, states: Tensor) -> Tensor:
        """Of each level's codes, one level after another: float32[p, d] -> float32[levels, p, count]."""
        items = cast(CodeItems, self.items)
        codes = items.table.view(items.levels, items.count, -1)
        views = states + silu(states @ self.turn)  # [levels, p, d]
        return self.scale * (views @ codes.transpose(1, 2))

    def score(self, states: Tensor, items: Tensor) -> Tensor:  # noqa: ARG002 - the codes are scored, not the items
        """Log-probabilities of all items' ids: float32[b, d] -> float32[b, n_items]."""
        return self.add_up(self.logits(states).log_softmax(2), cast(CodeItems, self.items).places)

    def add_up(self, of_codes: Tensor, places: Tensor) -> Tensor:
        """Sums over ids: float32[levels, p, count], int64[k, levels] rows of the codes' table -> float32[p, k]."""
        if of_codes.shape[1] == 1:  # a person alone: numbers are picked quicker than rows
            return of_codes.flatten()[places].sum(1)[None]
        table = of_codes.transpose(1, 2).flatten(0, 1)  # [levels * count, p]
        return embedding_bag(places, table.contiguous(), mode="sum").T

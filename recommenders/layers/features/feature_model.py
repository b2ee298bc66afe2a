"""Feature tokens and a way in which they meet: a network that weighs candidates for a request."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tastemaker.recommenders.data.list_batches import ListBatch
from tastemaker.recommenders.layers.features.feature_tokens import FeatureTokens


class FeatureModel(nn.Module):
    """Numbers for each candidate, one per head.

    Args:
        tokens: from batches to tokens.
        interaction: float32[n, count, d] -> float32[n, heads].
        trusting: heads that start from the first number of a candidate, its score by the base.
        heads: how many there are.
    """

    def __init__(
        self, tokens: FeatureTokens, interaction: nn.Module, trusting: tuple[int, ...], heads: int
    ) -> None:
        super().__init__()
        self.tokens, self.interaction = tokens, interaction
        start = torch.zeros(heads)
        start[list(trusting)] = 1.0
        self.trust = nn.Parameter(start)

    def forward(self, batch: ListBatch, items: Tensor | None = None) -> Tensor:
        """Before any sigmoid or softmax, float32[b, c, heads]; ``items`` as in :class:`FeatureTokens`."""
        tokens = self.tokens(batch, items)
        b, c = tokens.shape[:2]
        weighed: Tensor = self.interaction(tokens.flatten(0, 1)).view(b, c, -1)
        return weighed + batch.dense[..., :1] * self.trust

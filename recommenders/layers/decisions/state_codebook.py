"""Situations that ask for the same: a history and a wish as one of a few learned states (TADT-CSA)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import gumbel_softmax, normalize, one_hot

SHARPNESS = 10.0
"""Cosines are multiplied by it before one is chosen."""


class StateCodebook(nn.Module):
    """One vector out of a codebook: nearest to the history and to the wished return.

    In training the choice is a hard Gumbel softmax, so that gradients reach all codes.

    Args:
        codes: how many states.
        size: width d.
        share: weight of the history; the rest is the return's.
    """

    def __init__(self, codes: int, size: int, share: float = 0.5) -> None:
        super().__init__()
        self.share = share
        self.vectors = nn.Parameter(torch.empty(codes, size))
        nn.init.normal_(self.vectors, std=size**-0.5)
        self.usage: Tensor | None = None  # float32[codes], mean probabilities of the last training batch

    def forward(self, history: Tensor, wish: Tensor, shown: Tensor, real: Tensor) -> Tensor:
        """A state for each position, float32[b, l, d].

        Args:
            history: float32[b, l, d].
            wish: float32[b, l, d].
            shown: bool[b, l], where the wish is known.
            real: bool[b, l], where there is an item.
        """
        wished = (1 - self.share) * normalize(wish, dim=-1) * shown[..., None]
        near = self.share * normalize(history, dim=-1) + wished  # cosines are linear in it
        logits = SHARPNESS * near @ normalize(self.vectors, dim=-1).T  # [b, l, codes]
        if not self.training:
            return one_hot(logits.argmax(-1), len(self.vectors)).float() @ self.vectors
        self.usage = logits.softmax(-1)[real].mean(0)
        chosen: Tensor = gumbel_softmax(logits, hard=True) @ self.vectors
        return chosen

"""A causal transformer whose states are directions, to be compared with unit item vectors by cosine."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import normalize

from tastemaker.recommenders.layers.causal_encoder import CausalEncoder


class UnitCausalEncoder(CausalEncoder):
    """States scaled to length 1 / temperature: with unit items, scores are cosines divided by it.

    Its blocks begin by passing on what they get, so that an untrained model ranks by nearness to
    the last item.

    Args:
        size, layers, heads, max_length, dropout: see :class:`CausalEncoder`.
        temperature: lower makes a softmax over the scores sharper.
    """

    def __init__(
        self, size: int, layers: int, heads: int, max_length: int, dropout: float, temperature: float
    ) -> None:
        super().__init__(size, layers, heads, max_length, dropout)
        self.temperature = temperature
        for name, parameter in self.blocks.named_parameters():
            if ".out." in name or ".down." in name:
                nn.init.zeros_(parameter)

    def _normalise(self, x: Tensor) -> Tensor:
        return normalize(super()._normalise(x), dim=-1) / self.temperature

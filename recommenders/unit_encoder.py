"""A causal transformer whose states are directions, to be compared with unit item vectors by cosine."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import normalize

from tastemaker.recommenders.causal_encoder import CausalEncoder


class UnitCausalEncoder(CausalEncoder):
    """States scaled to length 1 / temperature: with unit items, scores are cosines divided by it."""

    temperature: float = 1.0

    def _normed(self, x: Tensor) -> Tensor:
        return normalize(super()._normed(x), dim=-1) / self.temperature

"""A session as one vector: its items weighed by what ACT-R says of each (PISA).

Tran and others, "Transformers Meet ACT-R: Repeat-Aware and Sequential Listening Session Recommendation" (RecSys
2024). Base level: how present an item was. Spreading: how much the session's others bring it to mind. Partial
matching: how alike it is to the session before.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

COMPONENTS = ("base level", "spreading", "partial matching")
EPSILON = 1e-8


class SessionAttention(nn.Module):
    """Weights over the items of each session, from three components with a learned weight each.

    Args:
        used: which of :data:`COMPONENTS` count; the others' weights stay 0.
    """

    def __init__(self, used: tuple[bool, bool, bool] = (True, True, True)) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.full((len(COMPONENTS),), 0.1))
        self.register_buffer("used", torch.tensor(used, dtype=torch.float32), persistent=False)
        self.used: Tensor

    def forward(self, vectors: Tensor, real: Tensor, activation: Tensor, spread: Tensor) -> Tensor:
        """Vectors of the sessions, float32[b, s, d].

        Args:
            vectors: float32[b, s, m, d], of the items.
            real: bool[b, s, m].
            activation, spread: float32[b, s, m].
        """
        mean = (vectors * real[..., None]).sum(2) / real.sum(2, keepdim=True).clamp(min=1)  # [b, s, d]
        before = torch.cat([torch.zeros_like(mean[:, :1]), mean[:, :-1]], dim=1)
        match = (vectors * before[:, :, None]).sum(-1)
        components = torch.stack([activation, spread, match], dim=-1)  # [b, s, m, 3]
        weight = (relu(components) @ (relu(self.weights) * self.used) + EPSILON).sqrt() * real
        share = weight / weight.sum(2, keepdim=True).clamp(min=1e-12)
        return (share[..., None] * vectors).sum(2)

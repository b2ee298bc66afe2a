"""What makes a frozen encoder listen to what was shown: an item adapter and a user adapter.

Li et al., "Ada-Retrieval: An Adaptive Multi-Round Retrieval Paradigm for Sequential
Recommendations" (AAAI 2024).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention


class Adapters(nn.Module):
    """Both adapters; untrained, they change nothing.

    Args:
        size: width d of item vectors and states.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.asking, self.shown = nn.Linear(size, size), nn.Linear(size, 2 * size)
        self.item_change = nn.Linear(2 * size, size)
        self.memory = nn.GRU(size, size, batch_first=True)
        self.user_change = nn.Sequential(nn.Linear(2 * size, size), nn.GELU(), nn.Linear(size, size))
        for last in (self.item_change, self.user_change[2]):
            nn.init.zeros_(last.weight)  # type: ignore[arg-type]
            nn.init.zeros_(last.bias)  # type: ignore[arg-type]

    def items(self, vectors: Tensor, shown: Tensor) -> Tensor:
        """History vectors float32[b, l, d], each changed by the shown ones it attends to, float32[b, m, d]."""
        key, value = self.shown(shown).chunk(2, dim=-1)
        found = scaled_dot_product_attention(self.asking(vectors), key, value)  # [b, l, d]
        changed: Tensor = vectors + self.item_change(torch.cat([vectors, found], dim=-1))
        return changed

    def user(self, state: Tensor, before: Tensor) -> Tensor:
        """A state float32[b, d], changed by those of the rounds before, float32[b, r, d], the first one first."""
        memory = self.memory(before)[0][:, -1]  # [b, d]
        changed: Tensor = state + self.user_change(torch.cat([state, memory], dim=-1))
        return changed

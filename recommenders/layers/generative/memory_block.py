"""A transformer block whose later tokens look at a history that is read once."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from tastemaker.recommenders.layers.transformer_block import TransformerBlock


class Memory(NamedTuple):
    """Of one block, what later tokens look at: keys and values, float32[b, heads, m, d / heads] each."""

    keys: Tensor
    values: Tensor


class MemoryBlock(TransformerBlock):
    """The causal block in two steps: what is read once, and what goes on from it in several ways."""

    def remember(self, x: Tensor) -> Memory:
        """Keys and values of a history before this block: float32[b, m, d]."""
        key, value = self.key_value(self.norm_attention(x)).chunk(2, dim=-1)
        return Memory(self._split(key), self._split(value))

    def follow(self, x: Tensor, memory: Memory, real: Tensor) -> Tensor:
        """Tokens that follow a history, each of w rows by itself: float32[b, w, t, d] -> float32[b, w, t, d].

        Args:
            x: the tokens; one looks at the history, at itself and at those before it in its row.
            memory: of the history.
            real: bool[b, m], False on padding.
        """
        b, w, t, d = x.shape
        normed = self.norm_attention(x)
        query = self._rows(self.query(normed)) * (d // self.heads) ** -0.5
        key, value = (self._rows(part) for part in self.key_value(normed).chunk(2, dim=-1))
        far = (query.flatten(2, 3) @ memory.keys.transpose(2, 3)).masked_fill(
            ~real[:, None, None], -torch.inf
        )  # [b, heads, w * t, m]
        near = query @ key.transpose(3, 4)  # [b, heads, w, t, t]
        near = near.masked_fill(torch.ones(t, t, dtype=torch.bool).triu(1), -torch.inf)
        weights = torch.cat([far, near.flatten(2, 3)], dim=3).softmax(3)
        own = weights[..., -t:].view(near.shape) @ value
        found = weights[..., :-t] @ memory.values + own.flatten(2, 3)
        return self._finish(x, found.transpose(1, 2).reshape(b, w, t, d))

    def _rows(self, x: Tensor) -> Tensor:
        """float32[b, w, t, d] -> float32[b, heads, w, t, d / heads]."""
        return x.view(*x.shape[:3], self.heads, -1).permute(0, 3, 1, 2, 4)

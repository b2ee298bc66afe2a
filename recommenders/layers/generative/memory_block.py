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
        w, t = x.shape[1:3]
        normed = self.norm_attention(x)
        query = self._split(self.query(normed).flatten(1, 2))  # [b, heads, w * t, d / heads]
        key, value = (self._rows(part, w) for part in self.key_value(normed).chunk(2, dim=-1))
        query = query * query.shape[-1] ** -0.5
        far = (query @ memory.keys.transpose(2, 3)).masked_fill(~real[:, None, None], -torch.inf)
        near = query.unflatten(2, (w, t)) @ key.transpose(3, 4)  # [b, heads, w, t, t]
        near = near.masked_fill(torch.ones(t, t, dtype=torch.bool).triu(1), -torch.inf).flatten(2, 3)
        weights = torch.cat([far, near], dim=3).softmax(3)
        own = weights[..., -t:].unflatten(2, (w, t)) @ value
        found = weights[..., :-t] @ memory.values + own.flatten(2, 3)  # [b, heads, w * t, d / heads]
        return self._finish(x, found.transpose(1, 2).flatten(2).unflatten(1, (w, t)))

    def _rows(self, x: Tensor, w: int) -> Tensor:
        """float32[b, w, t, d] -> float32[b, heads, w, t, d / heads]."""
        return self._split(x.flatten(1, 2)).unflatten(2, (w, x.shape[2]))

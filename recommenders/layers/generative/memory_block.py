"""A transformer block whose later tokens look at a history that is read once."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from tastemaker.recommenders.layers.generative.rotary_time import turn
from tastemaker.recommenders.layers.transformer_block import TransformerBlock


class Memory(NamedTuple):
    """Of one block, what later tokens look at: keys and values, float32[b, heads, m, d / heads] each."""

    keys: Tensor
    values: Tensor


class MemoryBlock(TransformerBlock):
    """The causal block in two steps: what is read once, and what goes on from it in several ways."""

    def remember(self, x: Tensor, angles: Tensor | None = None) -> Memory:
        """Keys and values of a history before this block: float32[b, m, d].

        Args:
            x: its tokens.
            angles: float32[b, m, pairs], by which keys turn; None: they don't.
        """
        key, value = self.key_value(self.norm_attention(x)).chunk(2, dim=-1)
        key = self._split(key)
        return Memory(key if angles is None else turn(key, angles[:, None]), self._split(value))

    def go_on(self, x: Tensor, memory: Memory, angles: Tensor) -> Tensor:
        """A history through this block, float32[b, m, d], given what :meth:`remember` made of it."""
        query = turn(self._split(self.query(self.norm_attention(x))), angles[:, None])
        found = scaled_dot_product_attention(query, *memory, is_causal=True)
        return self._finish(x, found.transpose(1, 2).flatten(2))

    def follow(self, x: Tensor, memory: Memory, real: Tensor, angles: Tensor | None = None) -> Tensor:
        """Tokens that follow a history, each of w rows by itself: float32[b, w, t, d] -> float32[b, w, t, d].

        Args:
            x: the tokens; one looks at the history, at itself and at those before it in its row.
            memory: of the history.
            real: bool[b, m], False on padding; or bool[b, w, m], for rows that know different parts of it.
            angles: float32[b, w, pairs], by which queries and keys of a row turn; None: they don't.
        """
        b, w, t, d = x.shape
        seen = real[:, None, None] if real.ndim == 2 else real.repeat_interleave(t, dim=1)[:, None]
        normed = self.norm_attention(x)
        query = self._rows(self.query(normed)) * (d // self.heads) ** -0.5
        key, value = (self._rows(part) for part in self.key_value(normed).chunk(2, dim=-1))
        if angles is not None:
            query, key = (turn(part, angles[:, None, :, None]) for part in (query, key))
        far = query.flatten(2, 3) @ memory.keys.transpose(2, 3)  # [b, heads, w * t, m]
        far = far.masked_fill(~seen, -torch.inf)
        near = query @ key.transpose(3, 4)  # [b, heads, w, t, t]
        near = near.masked_fill(torch.ones(t, t, dtype=torch.bool).triu(1), -torch.inf)
        weights = torch.cat([far, near.flatten(2, 3)], dim=3).softmax(3)
        own = weights[..., -t:].view(near.shape) @ value
        found = weights[..., :-t] @ memory.values + own.flatten(2, 3)
        return self._finish(x, found.transpose(1, 2).reshape(b, w, t, d))

    def _rows(self, x: Tensor) -> Tensor:
        """float32[b, w, t, d] -> float32[b, heads, w, t, d / heads]."""
        return x.view(*x.shape[:3], self.heads, -1).permute(0, 3, 1, 2, 4)

"""Attention and a two-layer network, the unit that transformer encoders stack (pre-norm)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

from tastemaker.recommenders.layers.byte_dropout import ByteDropout


class TransformerBlock(nn.Module):
    """Attention and a two-layer network, each normed before and added to its input.

    Args:
        size: width d.
        heads: attention heads, a divisor of ``size``.
        dropout: share of activations dropped in training.
    """

    def __init__(self, size: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm_attention, self.norm_network = nn.LayerNorm(size), nn.LayerNorm(size)
        self.query = nn.Linear(size, size)
        self.key_value = nn.Linear(size, 2 * size)
        self.out = nn.Linear(size, size)
        self.up, self.down = nn.Linear(size, 4 * size), nn.Linear(4 * size, size)
        self.drop = ByteDropout(dropout)

    def forward(self, x: Tensor, real: Tensor | None = None) -> Tensor:
        """All positions: float32[b, l, d] -> float32[b, l, d].

        Args:
            x: the positions.
            real: bool[b, l], what may be looked at from everywhere; None: each position
                looks at itself and what is before it.
        """
        normed = self.norm_attention(x)
        mask = None if real is None else real[:, None, None, :]  # [b, 1, 1, l]
        return self._finish(x, self._attend(normed, normed, mask, causal=real is None))

    def at(self, x: Tensor, place: Tensor, real: Tensor) -> Tensor:
        """Only one position of each sequence, which may look at all real ones.

        Args:
            x: float32[b, l, d].
            place: int64[b], the positions.
            real: bool[b, l].

        Returns:
            float32[b, d].
        """
        own = torch.arange(len(x)), place
        normed = self.norm_attention(x)
        mask = real[:, None, None, :] if len(x) > 1 else None  # a single sequence has no padding
        attended = self._attend(normed[own][:, None], normed, mask)
        return self._finish(x[own], attended[:, 0])

    def _attend(self, asking: Tensor, normed: Tensor, mask: Tensor | None, causal: bool = False) -> Tensor:
        query = self._split(self.query(asking))  # [b, heads, l or 1, d / heads]
        key, value = self.key_value(normed).chunk(2, dim=-1)
        found = scaled_dot_product_attention(
            query, self._split(key), self._split(value), attn_mask=mask, is_causal=causal
        )
        return found.transpose(1, 2).flatten(2)  # [b, l or 1, d]

    def _split(self, x: Tensor) -> Tensor:
        b, length, d = x.shape
        return x.view(b, length, self.heads, d // self.heads).transpose(1, 2)

    def _finish(self, x: Tensor, attended: Tensor) -> Tensor:
        x = x + self.drop(self.out(attended))
        network: Tensor = self.down(gelu(self.up(self.norm_network(x))))
        grown: Tensor = x + self.drop(network)
        return grown

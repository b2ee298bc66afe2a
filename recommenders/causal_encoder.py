"""A causal transformer over a history (SASRec, ICDM 2018), pre-norm, with learned positions."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

from tastemaker.recommenders.byte_dropout import ByteDropout
from tastemaker.recommenders.sequences import Sequences


class CausalEncoder(nn.Module):
    """Turns item vectors into states; the state at a position has seen it and what is before it.

    Args:
        size: width d of vectors and states.
        layers: number of blocks.
        heads: attention heads, a divisor of ``size``.
        max_length: longest sequence.
        dropout: share of activations dropped in training.
    """

    def __init__(self, size: int, layers: int, heads: int, max_length: int, dropout: float) -> None:
        super().__init__()
        self.max_length = max_length
        self.position = nn.Parameter(torch.empty(max_length, size))
        nn.init.normal_(self.position, std=0.02)
        self.blocks = nn.ModuleList(Block(size, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(size)
        self.drop = ByteDropout(dropout)

    def forward(self, vectors: Tensor, sequences: Sequences) -> Tensor:  # noqa: ARG002 - all that is shown is causal
        """States of all positions: float32[b, l, d] -> float32[b, l, d]."""
        x = self._placed(vectors)
        for block in self.blocks:
            x = block(x)
        return self._normed(x)

    def last(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """State of each sequence's last real position: float32[b, l, d] -> float32[b, d]."""
        x = self._placed(vectors)
        for block in self.blocks[:-1]:
            x = block(x)
        return self._normed(self.blocks[-1].last(x, sequences))  # type: ignore[operator]

    def _placed(self, vectors: Tensor) -> Tensor:
        placed: Tensor = self.drop(vectors + self.position[: vectors.shape[1]])
        return placed

    def _normed(self, x: Tensor) -> Tensor:
        normed: Tensor = self.norm(x)
        return normed


class Block(nn.Module):
    """Attention and a two-layer network, each normed before and added to its input."""

    def __init__(self, size: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm_attention, self.norm_network = nn.LayerNorm(size), nn.LayerNorm(size)
        self.query = nn.Linear(size, size)
        self.key_value = nn.Linear(size, 2 * size)
        self.out = nn.Linear(size, size)
        self.up, self.down = nn.Linear(size, 4 * size), nn.Linear(4 * size, size)
        self.drop = ByteDropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """All positions: float32[b, l, d] -> float32[b, l, d]."""
        normed = self.norm_attention(x)
        return self._finish(x, self._attend(normed, normed, causal=True))

    def last(self, x: Tensor, sequences: Sequences) -> Tensor:
        """Only the last real position, which may look at all real ones: float32[b, l, d] -> float32[b, d]."""
        own = torch.arange(len(x)), sequences.lengths - 1
        normed = self.norm_attention(x)
        mask = sequences.real[:, None, None, :] if len(x) > 1 else None  # [b, 1, 1, l]
        attended = self._attend(normed[own][:, None], normed, mask=mask)
        return self._finish(x[own], attended[:, 0])

    def _attend(
        self, asking: Tensor, normed: Tensor, mask: Tensor | None = None, causal: bool = False
    ) -> Tensor:
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

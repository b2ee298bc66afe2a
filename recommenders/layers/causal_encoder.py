"""A causal transformer over a history (SASRec, ICDM 2018), pre-norm, with learned positions."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.byte_dropout import ByteDropout
from tastemaker.recommenders.layers.transformer_block import TransformerBlock


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
        self.blocks = nn.ModuleList(TransformerBlock(size, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(size)
        self.drop = ByteDropout(dropout)

    def forward(self, vectors: Tensor, sequences: Sequences) -> Tensor:  # noqa: ARG002 - all that is shown is causal
        """States of all positions: float32[b, l, d] -> float32[b, l, d]."""
        x = self._add_positions(vectors)
        for block in self.blocks:
            x = block(x)
        return self._normalise(x)

    def last(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """State of each sequence's last real position: float32[b, l, d] -> float32[b, d]."""
        x = self._add_positions(vectors)
        for block in self.blocks[:-1]:
            x = block(x)
        last = self.blocks[-1].at(x, sequences.lengths - 1, sequences.real)  # type: ignore[operator]
        return self._normalise(last)

    def _add_positions(self, vectors: Tensor) -> Tensor:
        placed: Tensor = self.drop(vectors + self.position[: vectors.shape[1]])
        return placed

    def _normalise(self, x: Tensor) -> Tensor:
        normed: Tensor = self.norm(x)
        return normed

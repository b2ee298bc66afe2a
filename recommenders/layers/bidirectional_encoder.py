"""A transformer that sees a whole history at once and fills in a masked item (BERT4Rec, CIKM 2019)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.byte_dropout import ByteDropout
from tastemaker.recommenders.layers.transformer_block import TransformerBlock


class BidirectionalEncoder(nn.Module):
    """Turns item vectors into states; a state has seen all real positions, earlier and later.

    The next item is asked for by a mask after the last one, for which there is one more place.

    Args:
        size: width d of vectors and states.
        layers: number of blocks.
        heads: attention heads, a divisor of ``size``.
        max_length: longest sequence, without the mask.
        dropout: share of activations dropped in training.
    """

    def __init__(self, size: int, layers: int, heads: int, max_length: int, dropout: float) -> None:
        super().__init__()
        self.max_length = max_length
        self.mask = nn.Parameter(torch.empty(size))
        self.position = nn.Parameter(torch.empty(max_length + 1, size))
        nn.init.normal_(self.mask, std=0.02)
        nn.init.normal_(self.position, std=0.02)
        self.blocks = nn.ModuleList(TransformerBlock(size, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(size)
        self.drop = ByteDropout(dropout)

    def forward(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """States of all positions: float32[b, l, d] -> float32[b, l, d]."""
        return self.fill(vectors, sequences.real)

    def fill(self, vectors: Tensor, real: Tensor, masked: Tensor | None = None) -> Tensor:
        """States of all positions, where some items are not shown.

        Args:
            vectors: float32[b, l, d], l at most ``max_length + 1``.
            real: bool[b, l], False on the padding.
            masked: bool[b, l], where the mask stands instead of the item.

        Returns:
            float32[b, l, d].
        """
        if masked is not None:
            vectors = torch.where(masked[:, :, None], self.mask, vectors)
        x = self._add_positions(vectors)
        for block in self.blocks:
            x = block(x, real)
        normed: Tensor = self.norm(x)
        return normed

    def last(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """State of a mask put after each sequence: float32[b, l, d] -> float32[b, d]."""
        place = sequences.lengths
        longer = pad(vectors, (0, 0, 0, 1))  # [b, l + 1, d]
        steps = torch.arange(longer.shape[1])
        longer = torch.where((steps == place[:, None])[:, :, None], self.mask, longer)
        real = steps <= place[:, None]
        x = self._add_positions(longer)
        for block in self.blocks[:-1]:
            x = block(x, real)
        normed: Tensor = self.norm(self.blocks[-1].at(x, place, real))  # type: ignore[operator]
        return normed

    def _add_positions(self, vectors: Tensor) -> Tensor:
        placed: Tensor = self.drop(vectors + self.position[: vectors.shape[1]])
        return placed

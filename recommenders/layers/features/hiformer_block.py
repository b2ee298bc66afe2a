"""Heterogeneous attention over feature tokens (Hiformer).

Gui et al., "Hiformer: Heterogeneous Feature Interactions Learning with Transformers for Recommender Systems"
(2023). Queries, keys and values are composite: each is a function of all features, as one matrix of low rank over
the tokens laid end to end; so every pair of features meets in a way of its own. In the last block only the task
tokens ask. (A public network of the same name, with depth-wise convolutions, is another thing.)
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

from tastemaker.recommenders.layers.byte_dropout import ByteDropout


class HiformerBlock(nn.Module):
    """Composite attention, then a network per token, each added to its input and normed.

    Args:
        count: tokens L, whose order is part of the model.
        asking: how many of the last tokens ask; the others are left out of what comes out.
        size: width d.
        heads: attention heads.
        rank: of the composite matrices; None: full.
        dropout: share of values dropped in training.
    """

    def __init__(
        self, count: int, asking: int, size: int, heads: int, rank: int | None, dropout: float
    ) -> None:
        super().__init__()
        self.count, self.asking, self.heads, self.width = count, asking, heads, max(1, size // heads)
        wide = heads * self.width
        self.query = composite(count * size, asking * wide, rank)
        self.key = composite(count * size, count * wide, rank)
        self.value = composite(count * size, count * wide, rank)
        self.out = PerToken(asking, wide, size)
        self.up, self.down = PerToken(asking, size, 4 * size), PerToken(asking, 4 * size, size)
        self.norm_attention, self.norm_network = nn.LayerNorm(size), nn.LayerNorm(size)
        self.drop = ByteDropout(dropout)

    def forward(self, tokens: Tensor) -> Tensor:
        """float32[n, L, d] -> float32[n, asking, d]."""
        flat = tokens.flatten(1)
        query, key, value = (
            part(flat).view(len(flat), -1, self.heads, self.width).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        found = scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)
        x = self.norm_attention(tokens[:, -self.asking :] + self.drop(self.out(found)))
        normed: Tensor = self.norm_network(x + self.drop(self.down(gelu(self.up(x)))))
        return normed


class PerToken(nn.Module):
    """A matrix and a bias for each place.

    Args:
        count: places.
        inside: width before.
        outside: width after.
    """

    def __init__(self, count: int, inside: int, outside: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(count, inside, outside) * inside**-0.5)
        self.bias = nn.Parameter(torch.zeros(count, outside))

    def forward(self, x: Tensor) -> Tensor:
        """float32[n, count, inside] -> float32[n, count, outside]."""
        return torch.einsum("nci,cio->nco", x, self.weight) + self.bias


def composite(inside: int, outside: int, rank: int | None) -> nn.Module:
    """A matrix from all tokens to all projections, as the product of two where it has a rank."""
    if rank is None or rank >= min(inside, outside):
        return nn.Linear(inside, outside)
    return nn.Sequential(nn.Linear(inside, rank, bias=False), nn.Linear(rank, outside))

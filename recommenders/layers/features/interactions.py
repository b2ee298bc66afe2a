"""Three ways in which feature tokens meet: Hiformer, plain attention, a factorisation machine."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tastemaker.recommenders.layers.features.hiformer_block import HiformerBlock
from tastemaker.recommenders.layers.transformer_block import TransformerBlock


class HiformerInteraction(nn.Module):
    """Task tokens beside the features; in the last block only they ask.

    Args:
        count: feature tokens.
        tasks: task tokens, each of which gives one number.
        size: width d.
        layers, heads, rank, dropout: see :class:`HiformerBlock`.
    """

    def __init__(
        self, count: int, tasks: int, size: int, layers: int, heads: int, rank: int | None, dropout: float
    ) -> None:
        super().__init__()
        self.tasks = nn.Parameter(torch.randn(tasks, size) * 0.1)
        whole = count + tasks
        self.norm = nn.LayerNorm(size)
        self.blocks = nn.ModuleList(
            HiformerBlock(whole, whole if layer < layers - 1 else tasks, size, heads, rank, dropout)
            for layer in range(layers)
        )
        self.heads = nn.Parameter(torch.randn(tasks, size) * size**-0.5)
        self.bias = nn.Parameter(torch.zeros(tasks))

    def forward(self, tokens: Tensor) -> Tensor:
        """float32[n, count, d] -> float32[n, tasks]."""
        x = self.norm(torch.cat([tokens, self.tasks.expand(len(tokens), -1, -1)], dim=1))
        for block in self.blocks:
            x = block(x)
        told: Tensor = (x * self.heads).sum(-1) + self.bias
        return told


class AttentionInteraction(nn.Module):
    """The same with one projection for all tokens: a plain transformer.

    Args:
        count: feature tokens.
        tasks: task tokens.
        size: width d.
        layers, heads, dropout: see :class:`TransformerBlock`.
    """

    def __init__(self, count: int, tasks: int, size: int, layers: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.tasks = nn.Parameter(torch.randn(tasks, size) * 0.1)
        self.place = nn.Parameter(torch.randn(count + tasks, size) * 0.1)
        self.blocks = nn.ModuleList(TransformerBlock(size, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(size)
        self.heads = nn.Parameter(torch.randn(tasks, size) * size**-0.5)
        self.bias = nn.Parameter(torch.zeros(tasks))

    def forward(self, tokens: Tensor) -> Tensor:
        """float32[n, count, d] -> float32[n, tasks]."""
        x = torch.cat([tokens, self.tasks.expand(len(tokens), -1, -1)], dim=1) + self.place
        real = torch.ones(x.shape[:2], dtype=torch.bool)
        for block in self.blocks:
            x = block(x, real)
        told: Tensor = (self.norm(x[:, -len(self.tasks) :]) * self.heads).sum(-1) + self.bias
        return told


class FactorisationInteraction(nn.Module):
    """A factorisation machine: a weight per token, and the products of all pairs (Rendle, ICDM 2010).

    Args:
        count: feature tokens.
        tasks: numbers to give; each weighs the d directions of the products in its own way.
        size: width d.
    """

    def __init__(self, count: int, tasks: int, size: int) -> None:
        super().__init__()
        self.linear = nn.Linear(count * size, tasks)
        self.directions = nn.Linear(size, tasks, bias=False)
        nn.init.ones_(self.directions.weight)

    def forward(self, tokens: Tensor) -> Tensor:
        """float32[n, count, d] -> float32[n, tasks]."""
        pairs = (tokens.sum(1) ** 2 - (tokens**2).sum(1)) / 2
        weighed: Tensor = self.linear(tokens.flatten(1)) + self.directions(pairs)
        return weighed

"""A wished return as a vector: soft buckets in a balance that depends on the person, or hard ones and a trend."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, leaky_relu

BUCKETS = 100


class SoftBuckets(nn.Module):
    """A number between 0 and 1 as a mixture of learned vectors, so that near numbers are near (DT4IER)."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.up, self.across = nn.Linear(1, BUCKETS), nn.Linear(BUCKETS, BUCKETS)
        self.vectors = nn.Parameter(torch.empty(BUCKETS, size))
        nn.init.normal_(self.vectors, std=size**-0.5)

    def forward(self, share: Tensor) -> Tensor:
        """float32[b, l] -> float32[b, l, size]."""
        raised = leaky_relu(self.up(share[..., None]))
        mixed: Tensor = (raised + self.across(raised)).softmax(-1) @ self.vectors
        return mixed


class BalancedReturns(nn.Module):
    """Several wished returns, each in soft buckets, added up in shares that the history decides (DT4IER).

    Args:
        kinds: how many returns.
        size: width d.
    """

    def __init__(self, kinds: int, size: int) -> None:
        super().__init__()
        self.buckets = nn.ModuleList(SoftBuckets(size) for _ in range(kinds))
        self.balance = nn.Linear(size, kinds)

    def forward(self, aims: Tensor, history: Tensor) -> Tensor:
        """float32[b, l, kinds] and the mean of what came before, float32[b, l, d] -> float32[b, l, d]."""
        tokens = torch.stack([own(aims[..., kind]) for kind, own in enumerate(self.buckets)], dim=-2)
        mixed: Tensor = (self.balance(history).softmax(-1)[..., None] * tokens).sum(-2)
        return mixed


class TrendReturns(nn.Module):
    """A wished return and its trend, each in a hard bucket, through a two-layer network (TADT-CSA).

    Args:
        kinds: how many numbers.
        size: width d.
    """

    def __init__(self, kinds: int, size: int) -> None:
        super().__init__()
        self.vectors = nn.Parameter(torch.empty(kinds, BUCKETS, size))
        nn.init.normal_(self.vectors, std=size**-0.5)
        self.up, self.down = nn.Linear(kinds * size, 2 * size), nn.Linear(2 * size, size)

    def forward(self, aims: Tensor, history: Tensor) -> Tensor:  # noqa: ARG002 - the balance is learned for all
        """float32[b, l, kinds] -> float32[b, l, d]."""
        bucket = (aims * BUCKETS).long().clamp(0, BUCKETS - 1)
        own = [self.vectors[kind][bucket[..., kind]] for kind in range(aims.shape[-1])]
        mixed: Tensor = self.down(gelu(self.up(torch.cat(own, dim=-1))))
        return mixed

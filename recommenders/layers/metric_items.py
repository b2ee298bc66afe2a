"""Items and people as points in one space, where near means liked."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.text_items import TextItems


class MetricItems(TextItems):
    """Text vectors through a small network to points of the unit ball.

    A product of :meth:`matrix` with a point and a 1 behind it ranks items by their distance
    to the point: ``2 u.v - |v|^2`` is ``|u|^2 - |u - v|^2``.
    """

    def matrix(self) -> Tensor:
        """float32[n_items, size + 1]: twice the point, then minus its squared norm."""
        points = super().matrix()
        return torch.cat([2 * points, -points.square().sum(1, keepdim=True)], dim=1)

    def constrain(self, vectors: Tensor) -> Tensor:
        """Into the ball: what lies outside goes to its surface."""
        length: Tensor = vectors.norm(dim=-1, keepdim=True)
        return vectors / length.clamp(min=1.0)


class PointMean(nn.Module):
    """A history as the mean of its items' points, with a 1 behind it for :class:`MetricItems`.

    Args:
        max_length: how many of the latest items are averaged.
    """

    def __init__(self, max_length: int) -> None:
        super().__init__()
        self.max_length = max_length

    def forward(self, vectors: Tensor, sequences: Sequences) -> Tensor:  # noqa: ARG002 - all that is shown is causal
        """Points of all positions: float32[b, l, d] -> float32[b, l, d + 1]."""
        count = torch.arange(1, vectors.shape[1] + 1)[:, None]
        return pad(vectors.cumsum(1) / count, (0, 1), value=1.0)

    def last(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """Point of each sequence's last real position: float32[b, l, d] -> float32[b, d + 1]."""
        states: Tensor = self(vectors, sequences)
        return states[torch.arange(len(states)), sequences.lengths - 1]
